import { describe, expect, test } from '@jest/globals'
import { mentionsInPrisma } from './in-prisma.ts'
import { mentionsInSdl } from './in-sdl.ts'
import { mentionsInTests } from './in-tests.ts'
import { seedFaults } from './index.ts'
import type { Mention } from './mentions.ts'
import { renderSeedMap } from './render.ts'

// In variables, so that the titles made of them here are not taken for proofs.
const FOLLOW = 'ACC-07'
const BLOCK = 'ACC-19'

const short = ({ id, kind, name, place }: Mention) => `${id} ${kind} ${name} ${place}`

describe('finding the ids of seed items', () => {
  test('in SDL, above types and what is in them', () => {
    const sdl = [
      `# ${FOLLOW}, ${BLOCK}`,
      '"""A follow."""',
      'type Follow { id: ID! }',
      'extend type Query {',
      `  # ${FOLLOW}`,
      '  """All."""',
      '  follows: [Follow!]!',
      '  # see below',
      '  other: Int',
      '}',
      `enum Target {\n  # ${BLOCK}\n  USER\n}`,
    ].join('\n')
    expect(mentionsInSdl('f.graphql', sdl).map(short)).toEqual([
      `${FOLLOW} type Follow f.graphql:2`,
      `${BLOCK} type Follow f.graphql:2`,
      `${FOLLOW} type Query.follows f.graphql:6`,
      `${BLOCK} type Target.USER f.graphql:13`,
    ])
  })

  test('in schema.prisma, for the table a model maps to', () => {
    const prisma = [
      'datasource db {\n  provider = "postgresql"\n}',
      '',
      `/// ${FOLLOW}. Who follows whom.`,
      'model Follow {',
      '  id String @id',
      '',
      `  /// ${BLOCK}`,
      '  blocked Boolean',
      '  @@map("follows")',
      '}',
      '',
      `/// ${BLOCK}`,
      'view Blocked {\n  id String\n}',
    ].join('\n')
    expect(mentionsInPrisma('s.prisma', prisma).map(short)).toEqual([
      `${FOLLOW} table follows s.prisma:5`,
      `${BLOCK} table follows s.prisma:9`,
      `${BLOCK} table Blocked s.prisma:14`,
    ])
  })

  test('in titles of tests, at their beginning only', () => {
    const source = [
      `describe('${FOLLOW}, ${BLOCK}: following', () => {`,
      `test.each(cases)(\n  '${BLOCK}: blocks', () => {})`,
      `test('as ${FOLLOW}: says', () => {})`,
      `const id = '${FOLLOW}'`,
    ].join('\n')
    expect(mentionsInTests('f.test.ts', source).map(short)).toEqual([
      `${FOLLOW} test f.test.ts f.test.ts:1`,
      `${BLOCK} test f.test.ts f.test.ts:1`,
      `${BLOCK} test f.test.ts f.test.ts:3`,
    ])
  })
})

describe('the seed map', () => {
  const items = [
    { id: FOLLOW, seed: '3', item: 'following' },
    { id: BLOCK, seed: '2', item: 'blocking' },
  ]
  const type = (id: string): Mention => ({ id, kind: 'type', name: 'Follow', place: 'f.graphql:1' })
  const proof = (id: string): Mention => ({
    id,
    kind: 'test',
    name: 'apps/a/f.test.ts',
    place: 'apps/a/f.test.ts:1',
  })

  test('has a row for each item that is here, with every place once', () => {
    const map = renderSeedMap(items, [type(FOLLOW), type(FOLLOW), proof(FOLLOW)])
    expect(map).toContain('1 of 2 items are here.')
    expect(map).toContain(`| ${FOLLOW} | 3 | following | \`Follow\` |  | [f.test.ts](../apps/a/f.test.ts) |`)
    expect(map).not.toContain(BLOCK)
  })

  test('misses the test of an item that is claimed to be here', () => {
    expect(seedFaults(items, [type(FOLLOW)])).toEqual([
      `${FOLLOW} has no test. Begin the title of the test that proves it with '${FOLLOW}: '. It is claimed in f.graphql:1`,
    ])
    expect(seedFaults(items, [type(FOLLOW), proof(FOLLOW)])).toEqual([])
  })

  test('refuses an id that nobody knows', () => {
    expect(seedFaults(items, [proof('XYZ-01')])).toEqual([
      'apps/a/f.test.ts:1 XYZ-01 is not in docs/seed-items.tsv. Correct the id, or add its line there.',
    ])
  })
})
