import type { SubgraphClient } from '@courtside/testing'

/** Where the clock of the tests stands unless they move it: within the season that fixtures make. */
export const NOW = new Date('2026-11-20T12:00:00Z')

const HOUR_MS = 3_600_000

/** The time so many hours from `NOW`, as the graph takes it. */
export const hoursFromNow = (hours: number) => new Date(NOW.getTime() + hours * HOUR_MS).toISOString()

type Values = Record<string, unknown>

export type Fixtures = ReturnType<typeof createFixtures>

/**
 * Makes rows through the graph itself, with believable values for whatever a test leaves out. Each maker returns the
 * id.
 */
export function createFixtures(client: SubgraphClient) {
  let made = 0
  const next = () => ++made

  const create = async (type: string, field: string, input: object): Promise<string> => {
    const answer = await client.ok<Record<string, Record<string, { id: string }>>>(
      `mutation ($input: Create${type}Input!) { create${type}(input: $input) { ${field} { id } } }`,
      { input },
    )
    return answer[`create${type}`]![field]!.id
  }

  return {
    sport: (input: Values = {}) =>
      create('Sport', 'sport', { kind: 'VOLLEYBALL', name: `Volleyball ${next()}`, ...input }),

    season: (input: { sportId: string } & Values) =>
      create('Season', 'season', {
        label: '2026-2027',
        startsOn: '2026-09-01',
        endsOn: '2027-05-31',
        ...input,
      }),

    conference: (input: { sportId: string } & Values) =>
      create('Conference', 'conference', { name: `Conference ${next()}`, abbreviation: 'CON', ...input }),

    venue: (input: Values = {}) =>
      create('Venue', 'venue', {
        name: `Hall ${next()}`,
        city: 'Harbor City',
        country: 'US',
        timeZone: 'America/Chicago',
        ...input,
      }),

    team: (input: { sportId: string } & Values) => {
      const number = next()
      return create('Team', 'team', {
        name: `Team ${number}`,
        abbreviation: `T${number}`,
        city: 'Harbor City',
        ...input,
      })
    },

    seasonEntry: (input: { seasonId: string; teamId: string } & Values) =>
      create('SeasonEntry', 'seasonEntry', input),

    player: (input: Values = {}) =>
      create('Player', 'player', { firstName: 'Ada', lastName: `Player ${next()}`, ...input }),

    rosterEntry: (input: { teamId: string; seasonId: string; playerId: string } & Values) =>
      create('RosterEntry', 'rosterEntry', { number: next() % 100, ...input }),

    ruleSet: (input: { sportId: string } & Values) =>
      create('RuleSet', 'ruleSet', { name: `Rules ${next()}`, edition: '2026', ...input }),

    game: (input: { seasonId: string; homeTeamId: string; awayTeamId: string } & Values) =>
      create('Game', 'game', { startsAt: hoursFromNow(24), ...input }),
  }
}
