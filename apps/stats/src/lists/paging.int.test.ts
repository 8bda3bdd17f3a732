import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { encodeCursor } from '@courtside/kernel'
import fc from 'fast-check'
import { hoursFromNow } from '../testing/fixtures.ts'
import { openStats, type StatsHarness } from '../testing/open-stats.ts'
import { makeSeason, type SeasonWithTeams } from '../testing/season.ts'

let stats: StatsHarness
let league: SeasonWithTeams
beforeAll(async () => {
  stats = await openStats()
  league = await makeSeason(stats, 2)
})
afterAll(() => stats.close())

interface Page {
  edges: { cursor: string; node: { id: string } }[]
  pageInfo: {
    hasNextPage: boolean
    hasPreviousPage: boolean
    startCursor: string | null
    endCursor: string | null
  }
}

/** A list under test: how to ask for a page of it, and how to put a row into it, in SQL. */
interface Listing {
  name: string
  /** With `$first` and so on where the arguments go. */
  query: string
  /** Where in the answer the page is. */
  pageOf(data: Record<string, unknown>): Page
  /** One more row; `rank` says where it goes, and rows of one rank tie. */
  insert(rank: number): Promise<string>
}

const PAGE = '{ edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }'
const ARGUMENTS = 'first: $first, after: $after, last: $last, before: $before'
const rootPage = (data: Record<string, unknown>) => data['list'] as Page

const insertTeam = async (name: string) => {
  const [row] = await stats.sql<{ id: string }>(
    `INSERT INTO teams (id, sport_id, name, abbreviation, slug, city)
     SELECT new_id, $1, $2, 'T', 'page-' || new_id, 'Paging City' FROM gen_random_uuid() AS new_id RETURNING id`,
    [league.sportId, name],
  )
  return row!.id
}
const insertGame = async (startsAt: string) => {
  const [homeTeamId, awayTeamId] = league.teamIds
  const [row] = await stats.sql<{ id: string }>(
    `INSERT INTO games (id, sport_id, season_id, home_team_id, away_team_id, starts_at)
     VALUES (gen_random_uuid(), $1, $2, $3, $4, $5) RETURNING id`,
    [league.sportId, league.seasonId, homeTeamId, awayTeamId, startsAt],
  )
  return row!.id
}

const LISTINGS: Listing[] = [
  {
    name: 'teams by name',
    query: `teams(order: NAME_ASC, ${ARGUMENTS})`,
    pageOf: rootPage,
    insert: (rank) => insertTeam(`Page ${rank}`),
  },
  {
    name: 'teams by name, backwards',
    query: `teams(order: NAME_DESC, ${ARGUMENTS})`,
    pageOf: rootPage,
    insert: (rank) => insertTeam(`Page ${rank}`),
  },
  {
    name: 'teams that match a search',
    query: `teams(filter: { search: "searched" }, ${ARGUMENTS})`,
    pageOf: rootPage,
    insert: (rank) => insertTeam(`searched${' more'.repeat(rank)}`),
  },
  {
    name: 'games by time',
    query: `games(order: STARTS_AT_ASC, ${ARGUMENTS})`,
    pageOf: rootPage,
    insert: (rank) => insertGame(hoursFromNow(rank)),
  },
  {
    name: 'sports by name',
    query: `sports(${ARGUMENTS})`,
    pageOf: rootPage,
    async insert(rank) {
      const [row] = await stats.sql<{ id: string }>(
        `INSERT INTO sports (id, kind, name, slug)
         SELECT new_id, 'SOCCER', $1, 'page-' || new_id FROM gen_random_uuid() AS new_id RETURNING id`,
        [`Page ${rank}`],
      )
      return row!.id
    },
  },
]

interface Arguments {
  first?: number
  after?: string | null
  last?: number
  before?: string | null
}

const ask = async (listing: Pick<Listing, 'query' | 'pageOf'>, variables: Arguments): Promise<Page> =>
  listing.pageOf(
    await stats.anybody.ok<Record<string, unknown>>(
      `query ($first: Int, $after: String, $last: Int, $before: String) { list: ${listing.query} ${PAGE} }`,
      variables,
    ),
  )

/** Walks a list from one end to the other; `meanwhile` runs after each page. */
async function walk(
  listing: Listing,
  direction: 'forward' | 'backward',
  size: number,
  meanwhile: () => Promise<unknown> = async () => {},
): Promise<string[]> {
  const seen: string[] = []
  let cursor: string | null = null
  for (;;) {
    const page: Page =
      direction === 'forward'
        ? await ask(listing, { first: size, after: cursor })
        : await ask(listing, { last: size, before: cursor })
    const ids = page.edges.map(({ node }) => node.id)
    expect(page.pageInfo.startCursor).toBe(page.edges[0]?.cursor ?? null)
    expect(page.pageInfo.endCursor).toBe(page.edges.at(-1)?.cursor ?? null)
    if (direction === 'forward') seen.push(...ids)
    else seen.unshift(...ids)
    await meanwhile()
    const goesOn = direction === 'forward' ? page.pageInfo.hasNextPage : page.pageInfo.hasPreviousPage
    if (!goesOn) return seen
    cursor = direction === 'forward' ? page.pageInfo.endCursor : page.pageInfo.startCursor
  }
}

describe.each(LISTINGS)('paging through $name', (listing) => {
  beforeAll(async () => {
    // Ties: four rows of each rank.
    for (let rank = 0; rank < 5; rank++) for (let twin = 0; twin < 4; twin++) await listing.insert(rank)
  })

  test('gives every row once and in one order, forwards and backwards, whatever the size of the pages', async () => {
    const whole = (await ask(listing, { first: 100 })).edges.map(({ node }) => node.id)
    expect(new Set(whole).size).toBe(whole.length)
    expect(whole.length).toBeGreaterThanOrEqual(20)
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 23 }),
        fc.constantFrom('forward' as const, 'backward' as const),
        async (size, direction) => expect(await walk(listing, direction, size)).toEqual(whole),
      ),
      { numRuns: 8 },
    )
  })

  test('misses and repeats none of them while others come in', async () => {
    for (const direction of ['forward', 'backward'] as const) {
      const whole = (await ask(listing, { first: 100 })).edges.map(({ node }) => node.id)
      let inserted = 0
      const seen = await walk(listing, direction, 3, async () => {
        if (inserted < 6) await listing.insert(inserted++ % 5)
      })
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen.filter((id) => whole.includes(id))).toEqual(whole)
    }
  })

  test('knows on every page whether there is more on either side', async () => {
    const first = await ask(listing, { first: 2 })
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false })
    const second = await ask(listing, { first: 2, after: first.pageInfo.endCursor })
    expect(second.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true })
    const back = await ask(listing, { last: 2, before: second.pageInfo.startCursor })
    expect(back.edges).toEqual(first.edges)
    expect(back.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false })
  })

  test('takes no cursor of another list, nor one that was made up', async () => {
    const id = '0197b1de-0000-7000-8000-000000000000'
    const forged = [
      'x',
      '',
      '💥',
      encodeCursor([]),
      encodeCursor([1, id]),
      encodeCursor([null, null]),
      encodeCursor(['Page 1', 'no id']),
      encodeCursor(['2026-02-31T00:00:00.000Z', 'no id']),
      encodeCursor(['\u0000', 'no id']),
      encodeCursor(['x', 0.5, id]),
      encodeCursor(['x', id, id]),
      encodeCursor(['a', 'b', 'c', 'd']),
    ]
    for (const after of forged) {
      const query = `query ($first: Int, $after: String, $last: Int, $before: String) { list: ${listing.query} ${PAGE} }`
      expect((await stats.anybody.refusal(query, { after })).code).toBe('BAD_USER_INPUT')
    }
  })
})

describe('the arguments of a page', () => {
  const query =
    'query ($first: Int, $after: String, $last: Int, $before: String) { list: teams(' +
    ARGUMENTS +
    ') ' +
    PAGE +
    ' }'

  test.each([
    { first: 0 },
    { first: -1 },
    { first: 101 },
    { last: 101 },
    { first: 1, last: 1 },
    { first: 1, before: 'x' },
    { last: 1, after: 'x' },
    { after: 'x', before: 'x' },
  ])('%j is refused', async (variables) => {
    expect((await stats.anybody.refusal(query, variables)).code).toBe('BAD_USER_INPUT')
  })

  test('may be left out: a page has twenty rows then', async () => {
    const page = await ask({ query: `teams(${ARGUMENTS})`, pageOf: rootPage }, {})
    expect(page.edges).toHaveLength(20)
  })
})

describe('a list within each of many', () => {
  const nested = (args: string) =>
    `query ($first: Int, $after: String, $last: Int, $before: String, $id: ID!) {
      team(id: $id) { list: games(${args}) ${PAGE} }
    }`

  test('is walked like any other, and a game at home and one away at the same time both appear', async () => {
    const { sportId, seasonId, teamIds } = await makeSeason(stats, 3)
    const [one, two, three] = teamIds as [string, string, string]
    const insert = (home: string, away: string, hours: number) =>
      stats.sql(
        `INSERT INTO games (id, sport_id, season_id, home_team_id, away_team_id, starts_at)
         VALUES (gen_random_uuid(), $1, $2, $3, $4, $5)`,
        [sportId, seasonId, home, away, hoursFromNow(hours)],
      )
    for (let hours = 0; hours < 4; hours++) {
      await insert(one, two, hours)
      await insert(three, one, hours)
      await insert(two, three, hours)
    }
    const whole = await stats.sql<{ id: string }>(
      'SELECT id FROM games WHERE $1 IN (home_team_id, away_team_id) ORDER BY starts_at, id',
      [one],
    )
    for (const size of [1, 2, 3, 8]) {
      for (const direction of ['forward', 'backward'] as const) {
        const seen: string[] = []
        let cursor: string | null = null
        do {
          const variables: object =
            direction === 'forward' ? { first: size, after: cursor } : { last: size, before: cursor }
          const { team } = await stats.anybody.ok<{ team: { list: Page } }>(nested(ARGUMENTS), {
            id: one,
            ...variables,
          })
          const ids = team.list.edges.map(({ node }) => node.id)
          if (direction === 'forward') seen.push(...ids)
          else seen.unshift(...ids)
          const { hasNextPage, hasPreviousPage, endCursor, startCursor } = team.list.pageInfo
          cursor =
            direction === 'forward' ? (hasNextPage ? endCursor : null) : hasPreviousPage ? startCursor : null
        } while (cursor !== null)
        expect(seen).toEqual(whole.map(({ id }) => id))
      }
    }
  })
})
