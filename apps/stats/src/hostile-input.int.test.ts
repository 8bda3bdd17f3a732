import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openSubgraph, principals, type SubgraphHarness } from '@courtside/testing'
import fc from 'fast-check'
import { composeStats } from './compose.ts'
import { type League, seedLeague } from './testing/league.ts'
import { operationOn, rootFields, type ScalarValue, statsSchema } from './testing/root-operation.ts'

const schema = statsSchema()
const operations = [
  ...rootFields(schema, 'Query').map(({ name }) => ({ kind: 'Query' as const, name })),
  ...rootFields(schema, 'Mutation').map(({ name }) => ({ kind: 'Mutation' as const, name })),
]

let stats: SubgraphHarness
let league: League
beforeAll(async () => {
  stats = await openSubgraph('stats', composeStats)
  league = await seedLeague(stats)
})
afterAll(() => stats.close())

const TEXTS = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udfff',
  '\u202eevil',
  '\u0007',
  "'; DROP TABLE teams; --",
  '%_\\',
  '${1+1}',
  '💥'.repeat(60),
  'é'.normalize('NFD'),
  'x'.repeat(20_000),
  'null',
  '-1',
  '2026-2026',
  '../../etc/passwd',
]

/** For each scalar: what is fine, and what is not. */
const valuesOf = (scalar: string): { fine: readonly unknown[]; nasty: readonly unknown[] } => {
  switch (scalar) {
    case 'ID':
      return {
        fine: Object.values(league).flat(),
        nasty: [...TEXTS, '0197b1de-0000-7000-8000-000000000000', '0197b1de000070008000000000000000'],
      }
    case 'Int':
      return { fine: [1, 2, 7, 15, 180], nasty: [0, -1, 101, 2_147_483_647, -2_147_483_648] }
    case 'Boolean':
      return { fine: [true, false], nasty: [true] }
    case 'DateTime':
      return {
        fine: ['2026-11-20T19:30:00Z', '2027-01-20T19:30:00+14:00'],
        nasty: ['0000-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z'],
      }
    case 'Date':
      return { fine: ['2026-09-01', '2027-05-31'], nasty: ['0000-01-01', '9999-12-31'] }
    case 'URL':
      return {
        fine: ['https://courtside.example/logo.png'],
        nasty: ['https://user:secret@courtside.example/', `https://courtside.example/${'x'.repeat(1_900)}`],
      }
    default:
      return { fine: ['US', 'Harbor', 'HRB', '2026-2027', '#1a2b3c', 'America/Chicago', 'x1'], nasty: TEXTS }
  }
}

/** One nasty value among many that are fine gets past the checks of its neighbours, to the rules and the database. */
const arbitraryOf = (scalar: string) => {
  const { fine, nasty } = valuesOf(scalar)
  return fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...fine) },
    { weight: 1, arbitrary: fc.constantFrom(...nasty) },
  )
}

describe('GW-08: whatever is sent is answered, and never with a fault of ours', () => {
  test.each(operations)('$name', async ({ kind, name }) => {
    const admin = stats.as(principals.user('admin'))
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (gen) => {
        const valueOf: ScalarValue = (scalar, _path, isRequired) =>
          isRequired || gen(fc.integer, { min: 0, max: 3 }) === 0 ? gen(arbitraryOf, scalar) : undefined
        const { document, variables } = operationOn(schema, kind, name, valueOf)
        const { data, errors } = await admin.run(document, variables)
        const codes = errors.map(({ code }) => code)
        expect(codes.filter((code) => !/^(BAD_USER_INPUT|STATS_[A-Z_]+)$/.test(code))).toEqual([])
        if (codes.length === 0) expect(data).not.toBeNull()
      }),
      { numRuns: 40 },
    )
  })
})
