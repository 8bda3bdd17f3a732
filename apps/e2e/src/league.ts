import type { GraphClient } from './graph-client.ts'

export interface League {
  homeTeamId: string
  awayTeamId: string
  seasonId: string
  gameId: string
}

/** A sport, a season around today, two teams and a game between them tomorrow. */
export async function createLeague(admin: GraphClient): Promise<League> {
  const create = async (what: string, input: object, selection = 'id') => {
    const field = `create${what}`
    const key = `${what[0]?.toLowerCase()}${what.slice(1)}`
    const data = await admin.ok<Record<string, Record<string, { id: string }>>>(
      `mutation Create($input: ${field[0]?.toUpperCase()}${field.slice(1)}Input!) { ${field}(input: $input) { ${key} { ${selection} } } }`,
      { input },
    )
    return String(data[field]?.[key]?.id)
  }
  const year = new Date().getUTCFullYear()
  const sportId = await create('Sport', { kind: 'VOLLEYBALL', name: 'Volleyball' })
  const seasonId = await create('Season', {
    sportId,
    label: `${year}-${year + 1}`,
    startsOn: `${year}-01-01`,
    endsOn: `${year + 1}-12-31`,
  })
  const team = (name: string, abbreviation: string) =>
    create('Team', { sportId, name, abbreviation, city: name })
  const homeTeamId = await team('Harbor City', 'HRB')
  const awayTeamId = await team('North Ridge', 'NRD')
  for (const teamId of [homeTeamId, awayTeamId]) await create('SeasonEntry', { seasonId, teamId })
  const startsAt = new Date(Date.now() + 24 * 60 * 60 * 1000).toISOString()
  const gameId = await create('Game', { seasonId, homeTeamId, awayTeamId, startsAt })
  return { homeTeamId, awayTeamId, seasonId, gameId }
}
