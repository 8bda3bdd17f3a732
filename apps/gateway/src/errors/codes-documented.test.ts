import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'

const root = path.resolve(import.meta.dirname, '../../../..')
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')

/** `refuse(400, 'CODE'`, `sendRefusal(response, 400, 'CODE'`, and `code: 'CODE'` of an error. */
const CODE = /(?:\brefuse\(\s*\d+,\s*|\bsendRefusal\(\s*response,\s*\d+,\s*|\bcode: )'([A-Z][A-Z_]+)'/g

function codesInCode(): string[] {
  const files = globSync(['apps/gateway/src/**/*.ts', 'libs/http/src/**/*.ts'], { cwd: root }).filter(
    (file) => !/\.(test|contract)\.ts$|[/\\](fixtures|equality)[/\\]/.test(file),
  )
  const codes = files.flatMap((file) => Array.from(read(file).matchAll(CODE), ([, code]) => code!))
  return [...new Set(codes)].sort()
}

function codesInTable(): string[] {
  const [, section = ''] = read('docs/clients.md').split('\n## Codes of the gateway\n')
  return Array.from(section.matchAll(/^\| `([A-Z][A-Z_]+)`/gm), ([, code]) => code!).sort()
}

test('every code that the gateway gives is explained in docs/clients.md, and no other', () => {
  const inCode = codesInCode()
  expect(inCode.length).toBeGreaterThan(30)
  expect(codesInTable()).toEqual(inCode)
})

test('the ids that docs/clients.md sends are in the manifest', () => {
  const ids = Array.from(read('docs/clients.md').matchAll(/sha256:([0-9a-f]{64})/g), ([, id]) => id!)
  const { operations } = JSON.parse(read('operations.manifest.json')) as { operations: { id: string }[] }
  expect(ids.length).toBeGreaterThan(0)
  expect(operations.map(({ id }) => id)).toEqual(expect.arrayContaining(ids))
})
