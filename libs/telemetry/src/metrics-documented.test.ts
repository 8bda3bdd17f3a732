import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'

const root = path.resolve(import.meta.dirname, '../../..')
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')

/** `courtside_<part>_<what>`. Other things have names of ours too, such as channels of Postgres, with one word. */
const METRIC = /['"`](courtside_[a-z0-9]+_[a-z0-9_]+)['"`]/g

function metricsInCode(): string[] {
  const files = globSync('{apps,libs}/*/src/**/*.ts', { cwd: root }).filter(
    (file) => !/\.(test|contract|e2e)\.ts$|[/\\](fixtures|testing)[/\\]/.test(file),
  )
  const names = files.flatMap((file) => [...read(file).matchAll(METRIC)])
  return [...new Set(names.map(([, name]) => name!))].sort()
}

function metricsInTables(): string[] {
  const rows = read('docs/observability.md').matchAll(/^\| `(courtside_[a-z0-9_]+)`/gm)
  return Array.from(rows, ([, name]) => name!).sort()
}

test('every metric that the code has is explained in docs/observability.md, and no other', () => {
  const inCode = metricsInCode()
  expect(inCode.length).toBeGreaterThan(10)
  expect(metricsInTables()).toEqual(inCode)
})
