import { globSync } from 'node:fs'
import path from 'node:path'

export const SUITES = ['unit', 'int', 'e2e'] as const

/** `unit` needs nothing, `int` one subgraph or library on Postgres, `e2e` the whole platform. */
export type Suite = (typeof SUITES)[number]

export interface Selection {
  /** Absolute paths. */
  files: string[]
  needsPostgres: boolean
  /** Whether any of them loads the composed graph, as only the gateway and the whole platform do. */
  needsGraph: boolean
}

/** A file's suffix names its suite. */
export function suiteOf(file: string): Suite {
  if (file.endsWith('.e2e.ts')) return 'e2e'
  if (file.endsWith('.int.test.ts') || file.endsWith('.contract.ts')) return 'int'
  return 'unit'
}

/** The test files of one suite, or of all of them, whose path matches any of the patterns. */
export function selectTests(root: string, suite: Suite | undefined, patterns: readonly string[]): Selection {
  const matchers = patterns.map((pattern) => new RegExp(pattern, 'i'))
  const files = globSync('{apps,libs}/*/src/**/*.{test,contract,e2e}.ts', { cwd: root })
    .filter((file) => suite === undefined || suiteOf(file) === suite)
    .filter((file) => matchers.length === 0 || matchers.some((matcher) => matcher.test(file)))
    .sort()
  return {
    files: files.map((file) => path.join(root, file)),
    needsPostgres: files.some((file) => suiteOf(file) !== 'unit'),
    needsGraph: files.some(
      (file) => suiteOf(file) === 'e2e' || file.startsWith(path.join('apps', 'gateway')),
    ),
  }
}
