import { describe, expect, test } from '@jest/globals'
import { DEFAULT_LIMITS } from '../limits.ts'
import { assertDemand, type Measured, measureDemand } from './index.ts'
import { demandOf, measured, rulesOf } from './demand-fixture.ts'

const rules = rulesOf(`
  type Query { teams(first: Int): Teams! sign: Team @cost(weight: 30000) }
  type Teams { edges: [Edge!]! }
  type Edge { node: Team! }
  type Team { name: String teams(first: Int): Teams! roster: [Team!]! }
`)

const none: Measured = { items: 0, values: 0, cost: 0 }

describe.each<[keyof Measured, string, string]>([
  [
    'items',
    'ITEM_LIMIT_EXCEEDED',
    'The operation may return 8 items of lists; the limit is 7. Ask for shorter pages, or for the inner lists in further requests.',
  ],
  [
    'values',
    'VALUE_LIMIT_EXCEEDED',
    'The operation may return 8 values; the limit is 7. Ask for fewer fields of each item, with short names, or for shorter pages.',
  ],
  [
    'cost',
    'COST_LIMIT_EXCEEDED',
    'The operation may cost 8; the limit is 7. Ask for shorter pages, for fewer objects within them, or for one dear field at a time.',
  ],
])('the limit on %s', (what, code, message) => {
  const limits = { ...DEFAULT_LIMITS, [what]: 7 }

  test('lets pass what just fits', () => {
    expect(() => assertDemand({ ...none, [what]: 7 }, limits)).not.toThrow()
  })

  test('refuses one more, and says how to ask instead', () => {
    expect(() => assertDemand({ ...none, [what]: 8 }, limits)).toThrow(
      expect.objectContaining({ code, message, kind: 'invalid', details: { limit: 7, actual: 8 } }),
    )
  })
})

describe('by default', () => {
  const check = (text: string) => () => assertDemand(measured(text, rules), DEFAULT_LIMITS)
  const inPages = (size: number, inner: string) => `teams(first: ${size}) { edges { node { ${inner} } } }`

  test.each([
    ['a hundred teams with rosters', `{ ${inPages(100, 'name roster { name }')} }`],
    ['one field of 30,000', '{ sign { name } }'],
  ])('%s are allowed', (_, text) => {
    expect(check(text)).not.toThrow()
  })

  test.each([
    ['three levels of a hundred', `{ ${inPages(100, inPages(100, inPages(100, 'name')))} }`, 'ITEM'],
    [
      'many fields',
      `{ ${inPages(100, inPages(100, Array.from({ length: 20 }, (_, n) => `f${n}: name`).join(' ')))} }`,
      'VALUE',
    ],
    ['long names', `{ ${inPages(100, inPages(100, `${'a'.repeat(1_000)}: name`))} }`, 'VALUE'],
    ['two fields of 30,000', '{ a: sign { name } b: sign { name } }', 'COST'],
  ])('%s are not', (_, text, what) => {
    expect(check(text)).toThrow(expect.objectContaining({ code: `${what}_LIMIT_EXCEEDED` }))
  })
})

describe('a hostile operation', () => {
  const doubling = (count: number, leaf: string) =>
    Array.from({ length: count }, (_, n) => `fragment F${n} on Team { ...F${n + 1} ...F${n + 1} }`).join(
      ' ',
    ) + ` fragment F${count} on Team { ${leaf} }`

  test.each([
    ['a constant list', 'roster { name }'],
    ['a page of variable length', 'teams(first: $n) { edges { node { name } } }'],
  ])(
    'of fragments that double as often as the words suffice around %s takes as many steps, and counts as very much',
    (_, leaf) => {
      // Whoever took each fragment as often as it is spread would never be done.
      const demand = demandOf(`query ($n: Int) { sign { ...F0 } } ${doubling(600, leaf)}`, rules)
      const result = measureDemand(demand, { n: 100 })
      expect(demand.steps.length).toBeLessThan(3)
      expect(result.cost).toBe(Number.MAX_SAFE_INTEGER)
    },
  )

  test('of fragments that double through pages is measured in as many steps as it has pages', () => {
    const levels = 40
    const fragments = Array.from(
      { length: levels },
      (_, n) =>
        `fragment P${n} on Team { a: teams(first: $n) { edges { node { ...P${n + 1} } } } b: teams(first: $n) { edges { node { ...P${n + 1} } } } }`,
    ).join(' ')
    const demand = demandOf(
      `query ($n: Int) { sign { ...P0 } } ${fragments} fragment P${levels} on Team { name }`,
      rules,
    )
    // Of each page the rows that are read, and what is selected of them.
    expect(demand.steps).toHaveLength(2 * 2 * levels)
    expect(measureDemand(demand, { n: 0 })).toEqual({ items: 0, values: 1 + 2 * 2, cost: 30_000 + 2 })
    expect(measureDemand(demand, { n: 100 })).toEqual({
      items: Number.MAX_SAFE_INTEGER,
      values: Number.MAX_SAFE_INTEGER,
      cost: Number.MAX_SAFE_INTEGER,
    })
  })

  test('of thousands of aliases is counted alias by alias', () => {
    const aliases = Array.from(
      { length: 5_000 },
      (_, n) => `a${n}: teams(first: $n) { edges { node { name } } }`,
    )
    const demand = demandOf(`query ($n: Int) { ${aliases.join(' ')} }`, rules)
    expect(measureDemand(demand, { n: 10 })).toEqual({
      items: 5_000 * 10,
      values: 5_000 * (2 + 10 * 2),
      cost: 5_000 * (1 + 10 * 2),
    })
  })

  test.each([-1, 1e308, Infinity, -Infinity, NaN, 0.5, '100', true, [], {}])(
    'with a page of %p by variable never counts less than nothing nor more than a page',
    (n) => {
      const { items, values, cost } = measured(
        'query ($n: Int) { teams(first: $n) { edges { node { name } } } }',
        rules,
        { n },
      )
      expect([items >= 0 && items <= 100, values >= 2 && values <= 202, cost >= 1 && cost <= 201]).toEqual([
        true,
        true,
        true,
      ])
    },
  )
})
