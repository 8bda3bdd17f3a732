import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openStats, type StatsHarness } from '../testing/open-stats.ts'

let stats: StatsHarness
let sportId: string

const TEAMS = [
  ['Harbor City Waves', 'HCW', 'Harbor City'],
  ['Harbor', 'HRB', 'Old Harbor'],
  ['North Harbor Comets', 'NHC', 'North Harbor'],
  ['Élan Nord', 'ELN', 'Québec'],
  ['Łódź Storm', 'LDZ', 'Łódź'],
  ['100% Volley', 'V100', 'Metz'],
  ['Under_score', 'UND', 'Backslash\\Town'],
  ['Silverton Lynx', 'SIL', 'Silverton'],
] as const

beforeAll(async () => {
  stats = await openStats()
  sportId = await stats.make.sport()
  for (const [name, abbreviation, city] of TEAMS)
    await stats.make.team({ sportId, name, abbreviation, city, slug: `t-${abbreviation.toLowerCase()}` })
})
afterAll(() => stats.close())

const search = async (words: string, more: object = {}) => {
  const { teams } = await stats.anybody.ok<{
    teams: { totalCount: number; edges: { node: { name: string } }[] }
  }>('query ($filter: TeamFilter) { teams(filter: $filter) { totalCount edges { node { name } } } }', {
    filter: { search: words, ...more },
  })
  expect(teams.totalCount).toBe(teams.edges.length)
  return teams.edges.map(({ node }) => node.name)
}

describe('GW-14: a search for teams', () => {
  test('gives the best match first', async () => {
    expect(await search('harbor')).toEqual(['Harbor', 'Harbor City Waves', 'North Harbor Comets'])
    expect((await search('harbor city'))[0]).toBe('Harbor City Waves')
    expect((await search('north harbor'))[0]).toBe('North Harbor Comets')
  })

  test.each([
    ['elan', 'Élan Nord'],
    ['ÉLAN', 'Élan Nord'],
    ['quebec', 'Élan Nord'],
    ['lodz', 'Łódź Storm'],
    ['é'.normalize('NFD') + 'lan', 'Élan Nord'],
  ])('finds %j whatever the accents and capitals', async (words, name) => {
    expect((await search(words))[0]).toBe(name)
  })

  test.each([
    ['silverton', 'Silverton Lynx'],
    ['silvreton', 'Silverton Lynx'],
    ['silverto', 'Silverton Lynx'],
    ['slverton', 'Silverton Lynx'],
    ['nort harbour comet', 'North Harbor Comets'],
    ['quebeck', 'Élan Nord'],
  ])('finds %j in spite of typing errors', async (words, name) => {
    expect((await search(words))[0]).toBe(name)
  })

  test.each([
    ['sil', 'Silverton Lynx'],
    ['verto', 'Silverton Lynx'],
    ['HCW', 'Harbor City Waves'],
    ['metz', '100% Volley'],
  ])('finds %j by a part, an abbreviation or a city', async (words, name) => {
    expect((await search(words))[0]).toBe(name)
  })

  test('takes what means something to LIKE as it is written', async () => {
    expect(await search('100%')).toEqual(['100% Volley'])
    expect(await search('r_s')).toEqual(['Under_score'])
    expect(await search('h\\t')).toEqual(['Under_score'])
    expect(await search('%%%')).toEqual([])
    expect(await search('___')).toEqual([])
  })

  test('finds nothing where there is nothing, and everything where nothing is searched for', async () => {
    expect(await search('zzzzzz')).toEqual([])
    expect(await search('   ')).toHaveLength(TEAMS.length)
  })

  test('is narrowed like any list', async () => {
    expect(await search('harbor', { sportId: '0197b1de-0000-7000-8000-000000000000' })).toEqual([])
    expect(await search('harbor', { isActive: false })).toEqual([])
    expect(await search('harbor', { sportId, isActive: true })).toHaveLength(3)
  })

  test('leaves the order to the rank', async () => {
    const query =
      'query ($order: TeamOrder) { teams(filter: { search: "harbor" }, order: $order) { totalCount } }'
    expect((await stats.anybody.refusal(query, { order: 'NAME_ASC' })).code).toBe('BAD_USER_INPUT')
    expect(await stats.anybody.ok(query, { order: null })).toEqual({ teams: { totalCount: 3 } })
  })

  test('goes on where a page ended, with the same words only', async () => {
    const page = async (search: string, after: string | null) =>
      stats.anybody.run<{ teams: { edges: { node: { name: string } }[]; pageInfo: { endCursor: string } } }>(
        `query ($search: String, $after: String) {
          teams(filter: { search: $search }, first: 1, after: $after) { edges { node { name } } pageInfo { endCursor } }
        }`,
        { search, after },
      )
    const first = (await page('harbor', null)).data!.teams
    const second = (await page('harbor', first.pageInfo.endCursor)).data!.teams
    expect([first, second].map(({ edges }) => edges[0]?.node.name)).toEqual(['Harbor', 'Harbor City Waves'])
    expect((await page('harbour', first.pageInfo.endCursor)).errors).toMatchObject([
      { code: 'BAD_USER_INPUT' },
    ])
  })
})

describe('GW-14: a search for players and venues', () => {
  test('finds players by either name in either order', async () => {
    await stats.make.player({ firstName: 'Zoë', lastName: 'Müller-Lindqvist' })
    await stats.make.player({ firstName: 'Beatriz', lastName: 'García', displayName: 'Bia' })
    const found = async (search: string) => {
      const { players } = await stats.anybody.ok<{ players: { edges: { node: { displayName: string } }[] } }>(
        'query ($search: String) { players(filter: { search: $search }) { edges { node { displayName } } } }',
        { search },
      )
      return players.edges.map(({ node }) => node.displayName)
    }
    expect(await found('zoe muller')).toEqual(['Zoë Müller-Lindqvist'])
    expect(await found('lindqvist zoe')).toEqual(['Zoë Müller-Lindqvist'])
    expect(await found('garcia')).toEqual(['Bia'])
    expect(await found('bia')).toEqual(['Bia'])
  })

  test('finds venues by name and city', async () => {
    await stats.make.venue({ name: 'Palais du Lac', city: 'Genève' })
    const query =
      'query ($search: String) { venues(filter: { search: $search }) { edges { node { name } } } }'
    for (const words of ['palais', 'geneve', 'du lac geneve']) {
      expect(await stats.anybody.ok(query, { search: words })).toEqual({
        venues: { edges: [{ node: { name: 'Palais du Lac' } }] },
      })
    }
  })
})
