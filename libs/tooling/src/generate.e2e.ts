import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type StartedProcess, startProcess } from './started-process.ts'
import { copyWorkspace, type WorkspaceCopy } from './workspace-copy.ts'

const SDL = 'apps/accounts/src/planted/planted.graphql'
const CLIENT = 'apps/accounts/src/generated/prisma/client.ts'

let copy: WorkspaceCopy

beforeAll(async () => {
  copy = copyWorkspace()
  expect(await generate().ended).toMatchObject({ code: 0 })
}, 60_000)
afterAll(() => copy.remove())

/** `npm run generate` in the copy. */
function generate(...args: string[]): StartedProcess {
  return startProcess(
    process.execPath,
    ['libs/tooling/bootstrap.mjs', 'libs/tooling/src/generate.ts', ...args],
    {
      cwd: copy.folder,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    },
  )
}

const read = (file: string) => readFileSync(path.join(copy.folder, file), 'utf8')

describe('npm run generate', () => {
  test('has nothing to do when nothing has changed', async () => {
    expect(await generate().ended).toMatchObject({ code: 0, output: 'All generated code is up to date.\n' })
  })

  test('sees a change to SDL, says what is out of date, and brings that up to date alone', async () => {
    copy.write(
      SDL,
      '"""Planted."""\ntype Planted {\n  """Its id."""\n  id: ID!\n}\nextend type Query {\n  """It."""\n  planted: Planted @public\n}\n',
    )
    expect(await generate('--check').ended).toMatchObject({
      code: 1,
      output:
        'Out of date: the graph of all subgraphs\nOut of date: the resolver types of accounts\nMend: npm run generate\n',
    })
    const { code, output } = await generate().ended
    expect(code).toBe(0)
    expect(output).not.toContain('Prisma')
    expect(read('schema.graphql')).toContain('type Planted {')
    expect(read('apps/accounts/src/generated/graphql.ts')).toContain('export type PlantedResolvers<')
    expect(read('apps/gateway/generated/supergraph.graphql')).toContain('type Planted')
  })

  test('sees a generated file that was changed or removed', async () => {
    copy.write('schema.graphql', 'type Query { merged: Int }')
    copy.delete(CLIENT)
    expect((await generate('--check').ended).output).toBe(
      'Out of date: the Prisma client of accounts\nOut of date: the graph of all subgraphs\nMend: npm run generate\n',
    )
    await generate().ended
    expect(read(CLIENT)).toContain('PrismaClient')
    expect(read('schema.graphql')).toContain('type Planted {')
  })

  test('waits for another that is at it', async () => {
    copy.delete(CLIENT)
    const both = [generate(), generate()]
    const outputs = await Promise.all(both.map(async ({ ended }) => (await ended).output))
    expect(
      outputs.filter((output) => output.includes('Generated the Prisma client of accounts')),
    ).toHaveLength(1)
    expect(outputs.every((output) => output.endsWith('All generated code is up to date.\n'))).toBe(true)
  })

  test('names the place of every fault', async () => {
    copy.write(SDL, 'extend type Query {\n  planted: Nowhere @public\n}\n')
    const { code, output } = await generate().ended
    expect(code).toBe(1)
    expect(output).toMatch(
      /The subgraphs do not compose.*\n {2}apps\/accounts\/src\/planted\/planted\.graphql:2\n.*Unknown type "?Nowhere/,
    )
    expect(output).toMatch(/The resolver types of accounts cannot be generated: Unknown type: "Nowhere"/)
  })

  test('names the place of SDL that cannot be parsed', async () => {
    copy.write(SDL, 'type Planted {\n  id: }\n')
    const { code, output } = await generate().ended
    expect(code).toBe(1)
    expect(output).toContain(`${SDL}:2: Syntax Error`)
  })
})
