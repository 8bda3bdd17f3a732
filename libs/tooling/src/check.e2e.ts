import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Cluster, inScratch, startCluster } from '@courtside/database/embedded'
import { deploy, findSubgraph, prepareSubgraph, withConnection } from '@courtside/database/migrate'
import { type Ended, startProcess } from './started-process.ts'
import { root } from './workspace.ts'
import { copyWorkspace, type WorkspaceCopy } from './workspace-copy.ts'

const STEP_MS = 120_000

let copy: WorkspaceCopy

beforeAll(() => {
  copy = copyWorkspace()
})
afterAll(() => copy.remove())

/** `npm run check` in the copy. */
function check(args: string[], environment: Record<string, string> = {}): Promise<Ended> {
  return startProcess(
    process.execPath,
    ['libs/tooling/bootstrap.mjs', 'libs/tooling/src/check.ts', ...args],
    {
      cwd: copy.folder,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
    },
  ).ended
}

describe('npm run check refuses', () => {
  describe('in code and SDL', () => {
    const module = 'apps/accounts/src/planted'
    let output: string

    beforeAll(async () => {
      copy.write(`${module}/planted.repository.ts`, 'export const find = () => []\n')
      copy.write(`${module}/planted.resolvers.ts`, `export { find } from './planted.repository.ts'\n`)
      copy.write(`${module}/planted.service.ts`, `export { compose } from '@courtside/stats'\n`)
      copy.write(`${module}/planted.policy.ts`, `export const isLate = process.env['LATE'] === '1'\n`)
      copy.write(`${module}/planted.graphql`, 'extend type Query {\n  planted: Boolean @public\n}\n')
      const ended = await check(['--only', 'lint', module])
      expect(ended.code).toBe(1)
      output = ended.output
    }, STEP_MS)

    test('an import of another project that is not meant for it', () => {
      expect(output).toMatch(
        /planted\.service\.ts:1 A project tagged with "[^"]+" can only depend on libs tagged with.*\n {2}Move the shared part to a library/,
      )
    })

    test('a resolver that goes around its service', () => {
      expect(output).toMatch(
        /planted\.resolvers\.ts:1 "\.\/planted\.repository\.ts" is not for this file.*Call the service/,
      )
    })

    test('the environment read outside of env.ts', () => {
      expect(output).toMatch(
        /planted\.policy\.ts:1 .*Only env\.ts files read the environment.*hand its value in/,
      )
    })

    test('a field without a description', () => {
      expect(output).toMatch(
        /planted\.graphql:2 Description is required for field "planted".*\n {2}Write one sentence above it/,
      )
    })

    test('and ends with what to do', () => {
      expect(output).toMatch(/✗ lint[^]*── lint ──[^]*\nMend: npm run fix/)
    })
  })

  test(
    'a mutation that neither names scopes nor is public',
    async () => {
      const file = 'apps/accounts/src/planted/planted.graphql'
      copy.write(
        file,
        'extend type Mutation {\n  plant(input: PlantInput!): PlantPayload\n}\ntype PlantPayload { ok: Boolean }\ninput PlantInput { ok: Boolean }\n',
      )
      const { code, output } = await check(['--only', 'schema'])
      expect(code).toBe(1)
      expect(output).toContain(`${file}:2\n  Mutation.plant does not say who may use it. Add @requiresScopes`)
      expect(output).toMatch(/\nMend: change the SDL as each message says/)
      copy.delete(file)
    },
    STEP_MS,
  )

  test(
    'a schema.graphql that is not what the subgraphs compose to',
    async () => {
      const committed = readFileSync(path.join(root, 'schema.graphql'), 'utf8')
      copy.write('schema.graphql', `${committed}\nscalar Forgotten\n`)
      const { code, output } = await check(['--only', 'graph'])
      expect(code).toBe(1)
      expect(output).toContain('schema.graphql is not what the subgraphs compose to.\nMend: npm run compose')
    },
    STEP_MS,
  )

  test(
    'a reference without an index',
    async () => {
      copy.write(
        'prisma/accounts/migrations/20990101000000_planted/migration.sql',
        'CREATE TABLE planted (id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES users (id));',
      )
      const { code, output } = await check(['--only', 'databases'])
      expect(code).toBe(1)
      expect(output).toContain(
        'no index leads with the foreign key planted(user_id).\nMend: add @@index([userId])',
      )
      copy.delete('prisma/accounts/migrations/20990101000000_planted')
    },
    STEP_MS,
  )

  describe('in a database that is in use', () => {
    let cluster: Cluster

    beforeAll(async () => {
      cluster = await startCluster({ directory: await inScratch(), throwAway: true })
    }, STEP_MS)
    afterAll(() => cluster.stop())

    test(
      'what somebody has changed by hand',
      async () => {
        const accounts = await findSubgraph(root, 'accounts')
        const url = cluster.roleUrl('owner', accounts.database)
        await prepareSubgraph(accounts, cluster)
        await deploy(accounts, url)
        await withConnection(url, (client) => client.query('CREATE TABLE smuggled (id uuid PRIMARY KEY)'))

        const environment = { ACCOUNTS_DATABASE_URL: url, ACCOUNTS_DATABASE_OWNER_URL: url }
        const { code, output } = await check(['--only', 'databases'], environment)
        expect(code).toBe(1)
        expect(output).toMatch(
          /smuggled is in no migration[^]*\nMend: undo these changes, or put them into a migration/,
        )
        expect(output).not.toContain(new URL(url).password)
      },
      STEP_MS,
    )
  })
})

test('npm run check says which steps there are when it does not know one', async () => {
  expect(await check(['--only', 'everything'])).toMatchObject({
    code: 1,
    output: expect.stringMatching(
      /^There is no step "everything"\.\nUsage: npm run check -- \[--only lint,types,/,
    ),
  })
})
