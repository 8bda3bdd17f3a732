import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Linter } from 'eslint'
import { plugin } from './plugin.mjs'

let root: string

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'lint-'))
  for (const file of ['apps/stats/src/teams/index.ts', 'apps/stats/src/teams/teams.service.ts']) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
    writeFileSync(path.join(root, file), '')
  }
})
afterAll(() => rmSync(root, { recursive: true }))

/** What the rule says about a file of this name with this content. */
function findings(rule: string, file: string, code: string): string[] {
  const config = { plugins: { courtside: plugin }, rules: { [`courtside/${rule}`]: 'error' as const } }
  const linter = new Linter({ cwd: root })
  return linter
    .verify(code, [{ ...config, files: ['**/*.ts'] }], path.join(root, file))
    .map(({ message }) => message)
}

describe('courtside/layers', () => {
  const teams = (role: string) => `apps/stats/src/teams/teams.${role}.ts`

  test.each([
    [
      'a repository',
      teams('resolvers'),
      `import { find } from './teams.repository.ts'`,
      /call the repository/,
    ],
    ['the database', teams('resolvers'), `import { db } from '../db.ts'`, /call the repository/],
    ['GraphQL', teams('service'), `import { GraphQLError } from 'graphql'`, /throw a DomainError/],
    ['Apollo', teams('service'), `export { x } from '@apollo/server/errors'`, /throw a DomainError/],
    [
      'Prisma',
      teams('service'),
      `import { Prisma } from '../generated/prisma/client.ts'`,
      /Only \*\.repository\.ts/,
    ],
    [
      'Prisma',
      teams('loaders'),
      `const p = await import('../generated/prisma/client.ts')`,
      /Only \*\.repository\.ts/,
    ],
    ['a file system', teams('policy'), `import { readFileSync } from 'node:fs'`, /A policy only decides/],
    ['a repository', teams('policy'), `export * from './teams.repository.ts'`, /A policy only decides/],
    [
      'a map of resolvers',
      'apps/stats/src/teams/index.ts',
      `import { Resolvers } from '../generated/graphql.ts'`,
      /Move them there/,
    ],
    [
      'a map of resolvers under another name',
      teams('service'),
      `export { Resolvers as Map } from '../generated/graphql.ts'`,
      /Move them there/,
    ],
    [
      'all types of the graph',
      teams('loaders'),
      `import * as graph from '../generated/graphql.ts'`,
      /Move them there/,
    ],
  ])('keeps %s out of %s', (_what, file, code, message) => {
    expect(findings('layers', file, code)).toEqual([expect.stringMatching(message)])
  })

  test.each([
    ['its service', teams('resolvers'), `import { create } from './teams.service.ts'`],
    ['a map of resolvers', teams('resolvers'), `import { Resolvers } from '../generated/graphql.ts'`],
    ['another type of the graph', teams('loaders'), `import { Role } from '../generated/graphql.ts'`],
    ['its repository', teams('service'), `import { create } from './teams.repository.ts'`],
    ['Prisma', teams('repository'), `import { Prisma } from '../generated/prisma/client.ts'`],
    ['Prisma', 'apps/stats/src/db.ts', `import { PrismaClient } from './generated/prisma/client.ts'`],
    ['a parser of addresses', teams('policy'), `import { isIP } from 'node:net'`],
  ])('lets %s into %s', (_what, file, code) => {
    expect(findings('layers', file, code)).toEqual([])
  })
})

describe('courtside/module-doors', () => {
  const code = `import { x } from '../teams/teams.service.ts'`

  test('sends other modules to the door', () => {
    expect(findings('module-doors', 'apps/stats/src/games/games.service.ts', code)).toEqual([
      '"../teams/teams.service.ts" is inside of the module teams. Import "../teams/index.ts", and export from there what other modules may use.',
    ])
  })

  test('lets a module and its subfolders use their own files', () => {
    expect(findings('module-doors', 'apps/stats/src/teams/teams.resolvers.ts', code)).toEqual([])
    const inner = `import { x } from '../teams.service.ts'`
    expect(findings('module-doors', 'apps/stats/src/teams/logos/logos.service.ts', inner)).toEqual([])
  })

  test('lets everybody in by the door, and into folders that have none', () => {
    const file = 'apps/stats/src/games/games.service.ts'
    expect(findings('module-doors', file, `import { x } from '../teams/index.ts'`)).toEqual([])
    expect(findings('module-doors', file, `import { x } from '../generated/graphql.ts'`)).toEqual([])
    expect(findings('module-doors', file, `import { x } from '../caller.ts'`)).toEqual([])
  })
})
