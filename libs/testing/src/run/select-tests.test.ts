import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Suite, selectTests } from './select-tests.ts'

let root: string

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'select-tests-'))
  for (const file of [
    'apps/stats/src/games/games.policy.test.ts',
    'apps/stats/src/games/games.int.test.ts',
    'apps/stats/src/games/games.service.ts',
    'apps/e2e/src/watch.e2e.ts',
    'apps/gateway/src/limits.test.ts',
    'libs/subgraph/src/subgraph.contract.ts',
    'libs/subgraph/node_modules/other/src/other.test.ts',
  ]) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
    writeFileSync(path.join(root, file), '')
  }
})
afterAll(() => rmSync(root, { recursive: true }))

const names = (suite: Suite | undefined, patterns: string[]) =>
  selectTests(root, suite, patterns).files.map((file) => path.basename(file))

describe('selecting tests', () => {
  test('takes every suite unless one is named', () => {
    expect(names(undefined, [])).toEqual([
      'watch.e2e.ts',
      'limits.test.ts',
      'games.int.test.ts',
      'games.policy.test.ts',
      'subgraph.contract.ts',
    ])
  })

  test('tells the suites apart by suffix', () => {
    expect(names('unit', [])).toEqual(['limits.test.ts', 'games.policy.test.ts'])
    expect(names('int', [])).toEqual(['games.int.test.ts', 'subgraph.contract.ts'])
    expect(names('e2e', [])).toEqual(['watch.e2e.ts'])
  })

  test('keeps the files whose path matches any pattern, in any case', () => {
    expect(names(undefined, ['Policy', 'libs/'])).toEqual(['games.policy.test.ts', 'subgraph.contract.ts'])
  })

  test('asks for Postgres only when a chosen file needs it', () => {
    expect(selectTests(root, undefined, ['policy']).needsPostgres).toBe(false)
    expect(selectTests(root, undefined, ['contract']).needsPostgres).toBe(true)
    expect(selectTests(root, 'e2e', []).needsPostgres).toBe(true)
  })

  test('asks for the composed graph only when a chosen file needs it', () => {
    expect(selectTests(root, undefined, ['contract']).needsGraph).toBe(false)
    expect(selectTests(root, 'unit', ['gateway']).needsGraph).toBe(true)
    expect(selectTests(root, 'e2e', []).needsGraph).toBe(true)
  })
})
