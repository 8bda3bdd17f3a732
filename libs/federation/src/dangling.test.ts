import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { expectSame, type Mangle, type OpenGraph, openGraph } from './fixtures/index.ts'
import { LEAGUE } from './fixtures/league.ts'

let league: OpenGraph
beforeAll(async () => {
  league = await openGraph(LEAGUE)
})
afterAll(() => league.stop())

/** Game 12 is played against team 99, of which nobody knows anything. */
const awayName = ['games', 2, 'away', 'name']

describe('a hole', () => {
  test('is of an entity that is gone where its own subgraph knows nothing of it', async () => {
    const { data, holes } = await expectSame(league, { query: '{ games { away { name } } }' })
    expect(data).toEqual({
      games: [{ away: { name: 'South Bay' } }, { away: { name: 'North Ridge' } }, { away: null }],
    })
    expect(holes).toEqual([
      { message: 'Cannot return null for non-nullable field Team.name.', path: awayName, gone: true },
    ])
  })

  test('is so at each place of the entity', async () => {
    const { holes } = await expectSame(league, {
      query: '{ a: games { away { name } } b: game(id: 12) { away { id other: name } } }',
    })
    expect(holes.map(({ path, gone }) => ({ path, gone }))).toEqual([
      { path: ['a', 2, 'away', 'name'], gone: true },
      { path: ['b', 'away', 'other'], gone: true },
    ])
  })

  test('is so too where another subgraph could not be asked for want of it', async () => {
    const mangle: Mangle = (answer, { subgraph }) => {
      if (subgraph !== 'figures') return answer
      return JSON.parse(JSON.stringify(answer).replaceAll('"points":693', '"points":null'))
    }
    const { holes } = await league.ours({ query: '{ games { away { name motto } } }', mangle })
    expect(holes.map(({ path, gone }) => ({ path, gone }))).toEqual([{ path: awayName, gone: true }])
  })

  test('is a fault where somebody answered, even of an entity that another does not know', async () => {
    const mangle: Mangle = (answer, { subgraph }) => {
      if (subgraph !== 'figures') return answer
      return JSON.parse(JSON.stringify(answer).replaceAll('"points":693', '"points":null'))
    }
    const { holes } = await expectSame(league, { query: '{ games { away { city points } } }', mangle })
    expect(holes).toEqual([
      {
        message: 'Cannot return null for non-nullable field Team.points.',
        path: ['games', 2, 'away', 'points'],
        gone: false,
      },
    ])
  })

  test('is a fault where the entity was answered without the field', async () => {
    const mangle: Mangle = (answer, { subgraph }) =>
      subgraph === 'teams' ? JSON.parse(JSON.stringify(answer).replaceAll('"name"', '"nome"')) : answer
    const { holes } = await expectSame(league, { query: '{ game(id: 10) { away { name } } }', mangle })
    expect(holes.map(({ gone }) => gone)).toEqual([false])
  })

  test('is not told beside errors, as nobody can say which of them made it', async () => {
    const mangle: Mangle = (answer) => ({ ...answer, errors: [{ message: 'half' }] })
    const { holes, errors } = await expectSame(league, { query: '{ games { away { name } } }', mangle })
    expect(errors).toHaveLength(2)
    expect(holes).toEqual([])
  })
})
