import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createIdentitySigner, generateIdentityKeys, IDENTITY_HEADER, type Principal } from '@courtside/auth'
import { workspaceRoot } from '@courtside/database/migrate'
import { createHttpEdge, type HttpEdge } from '@courtside/http'
import type { Subgraph } from '@courtside/subgraph'
import { type StartedProcess, startProcess } from '@courtside/tooling/started-process'
import { WebSocket } from 'ws'
import { databaseAdmin, type DatabaseAdmin } from './database-admin.ts'
import { principals } from './principals.ts'
import { statementsDuring } from './statements.ts'
import { openSubgraph, type SubgraphDependencies, type SubgraphHarness } from './subgraph-harness.ts'
import { describeSubscriptions } from './subscription-contract.ts'
import { createTestClock } from './test-clock.ts'

export interface SubgraphContract {
  name: string
  compose(dependencies: SubgraphDependencies): Promise<Subgraph>
  /** Puts rows into the database and tells two ids or more of each entity. */
  seed(harness: SubgraphHarness): Promise<Record<string, readonly string[]>>
  /** A query open to everybody, and a table that it reads. */
  probe: { query: string; table: string }
  /** What the process needs in its environment beside its database, its port and the gateway's public key. */
  environment?: Readonly<Record<string, string>>
}

interface Answer {
  data?: object | null
  errors?: { message: string; extensions: Record<string, unknown> }[]
}

const AN_HOUR_MS = 3_600_000

/** What the gateway and the operators rely on in every subgraph. Called in a `*.contract.ts` file of each. */
export function describeSubgraph({ name, compose, seed, probe, environment = {} }: SubgraphContract): void {
  let harness: SubgraphHarness
  let admin: DatabaseAdmin
  let entities: Record<string, readonly string[]>
  let edge: HttpEdge
  let url: string

  beforeAll(async () => {
    harness = await openSubgraph(name, compose)
    admin = databaseAdmin(harness.database.adminUrl)
    entities = await seed(harness)
    edge = createHttpEdge({
      routes: [harness.subgraph.route],
      onUpgrade: harness.subgraph.socket.onUpgrade,
      log: harness.log,
    })
    url = `${(await edge.listen({ host: '127.0.0.1', port: 0 })).url}/graphql`
  })
  afterAll(async () => {
    await edge?.drain(0)
    await harness?.close()
  })

  const assertionFor = async (principal: Principal) =>
    (await createIdentitySigner(harness.keys.privateKey)).assertionFor(principal, name)

  describe(`${name}: the schema`, () => {
    test('is told to the gateway, entities with their keys', async () => {
      const anybody = harness.as(principals.anonymous)
      const { _service } = await anybody.ok<{ _service: { sdl: string } }>('{ _service { sdl } }')
      for (const type of Object.keys(entities)) {
        expect(_service.sdl).toMatch(new RegExp(`type ${type}\\b[^{]*@key\\(fields: "id"`))
      }
    })
  })

  describe(`${name}: references`, () => {
    const resolve = (representations: object[]) =>
      harness
        .as(principals.anonymous)
        .ok<{ _entities: ({ __typename: string; id: string } | null)[] }>(entitiesQuery(entities), {
          representations,
        })

    test('are resolved in the order asked for, each as often as asked', async () => {
      const known = Object.entries(entities).flatMap(([type, ids]) =>
        ids.map((id) => ({ __typename: type, id })),
      )
      const asked = [...known, ...known.toReversed()]
      expect((await resolve(asked))._entities).toEqual(asked)
    })

    test('to what is not there, or can be no id, are null and spoil nothing', async () => {
      for (const [type, [id]] of Object.entries(entities)) {
        const ids = [randomUUID(), id, 'no-uuid', '', '\u0000', '\ud800', 'x'.repeat(100_000)]
        const { _entities } = await resolve(ids.map((one) => ({ __typename: type, id: one })))
        expect(_entities).toEqual([null, { __typename: type, id }, null, null, null, null, null])
      }
    })

    test('take as many statements for fifty as for one', async () => {
      for (const [type, ids] of Object.entries(entities)) {
        const asked = [...ids, ...Array.from({ length: 50 }, () => randomUUID())]
        const toRepresentation = (id: string | undefined) => ({ __typename: type, id })
        const one = await statementsDuring(() => resolve([toRepresentation(ids[0])]))
        const fifty = await statementsDuring(() => resolve(asked.map(toRepresentation)))
        expect(fifty.statements).toHaveLength(one.statements.length)
      }
    })
  })

  describe(`${name}: the caller`, () => {
    const post = async (query: string, assertion?: string) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(assertion !== undefined && { [IDENTITY_HEADER]: assertion }),
        },
        body: JSON.stringify({ query }),
      })
      return { status: response.status, answer: (await response.json()) as Answer }
    }
    const refusal = { status: 401, answer: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } }

    test('is answered when the gateway vouches for it', async () => {
      const { status, answer } = await post(probe.query, await assertionFor(principals.anonymous))
      expect(status).toBe(200)
      expect(answer.errors).toBeUndefined()
    })

    test.each(['{ _service { sdl } }', '{ __schema { types { name } } }', '{ this is no query'])(
      'is refused without an assertion, before %s is read',
      async (query) => {
        expect(await post(query)).toMatchObject(refusal)
        await expect(harness.subgraph.execute({ query, headers: {} })).rejects.toMatchObject({
          code: 'UNAUTHENTICATED',
        })
      },
    )

    test.each<[string, () => Promise<string>]>([
      ['is no assertion', async () => 'somebody'],
      [
        'was signed by somebody else',
        async () => {
          const signer = await createIdentitySigner((await generateIdentityKeys()).privateKey)
          return signer.assertionFor(principals.user('admin'), name)
        },
      ],
      [
        'is for another subgraph',
        async () => {
          const signer = await createIdentitySigner(harness.keys.privateKey)
          return signer.assertionFor(principals.user('admin'), `not-${name}`)
        },
      ],
      [
        'has expired',
        async () => {
          const anHourAgo = createTestClock(new Date(Date.now() - AN_HOUR_MS))
          const signer = await createIdentitySigner(harness.keys.privateKey, anHourAgo)
          return signer.assertionFor(principals.user('admin'), name)
        },
      ],
      [
        'was given more rights afterwards',
        async () => {
          const [head, , signature] = (await assertionFor(principals.anonymous)).split('.')
          const [, claims] = (await assertionFor(principals.user('admin'))).split('.')
          return [head, claims, signature].join('.')
        },
      ],
    ])('is refused when the assertion %s', async (_, forge) => {
      expect(await post(probe.query, await forge())).toMatchObject(refusal)
    })
  })

  describeSubscriptions(name, () => ({ harness, keys: harness.keys, url }))

  describe(`${name}: faults`, () => {
    test('of our own are hidden from the caller and found in the log by their id', async () => {
      const { refusal } = harness.as(principals.anonymous)
      await admin.run(`ALTER TABLE ${probe.table} RENAME TO ${probe.table}_elsewhere`)
      const error = await refusal(probe.query).finally(() =>
        admin.run(`ALTER TABLE ${probe.table}_elsewhere RENAME TO ${probe.table}`),
      )
      expect(error).toMatchObject({
        code: 'INTERNAL_SERVER_ERROR',
        message: expect.not.stringContaining(probe.table),
      })
      expect(Object.keys(error.extensions).sort()).toEqual(['code', 'errorId'])
      const logged = harness.log.lines.find(
        ({ fields }) => fields['error.id'] === error.extensions['errorId'],
      )
      expect(String(logged?.fields['err'])).toContain(probe.table)
    })

    test('of the database make it unready and the answers retryable, until it is back', async () => {
      const { run, refusal } = harness.as(principals.anonymous)
      expect(await harness.subgraph.readiness.problems()).toEqual([])
      await admin.shutOut()
      try {
        expect(await harness.subgraph.readiness.problems()).not.toEqual([])
        expect((await refusal(probe.query)).extensions).toMatchObject({
          code: 'DATABASE_UNAVAILABLE',
          retryable: true,
        })
      } finally {
        await admin.letIn()
      }
      expect(await harness.subgraph.readiness.problems()).toEqual([])
      expect((await run(probe.query)).errors).toEqual([])
    })
  })

  describe(`${name}: the process`, () => {
    let started: StartedProcess
    let origin: string
    beforeAll(async () => {
      const prefix = name.toUpperCase().replaceAll('-', '_')
      const { PATH, HOME } = process.env
      started = startProcess(process.execPath, [path.join(workspaceRoot, 'apps', name, 'src/main.ts')], {
        env: {
          PATH,
          HOME,
          [`${prefix}_PORT`]: '0',
          [`${prefix}_DATABASE_URL`]: harness.database.appUrl,
          IDENTITY_PUBLIC_KEY: JSON.stringify(harness.keys.publicKey),
          ...environment,
        },
      })
      const [, found] = await started.untilPrinted(/"url":"(http:[^"]+)\/graphql"/)
      origin = String(found)
    })
    afterAll(() => void started?.child.kill('SIGKILL'))

    test('says that it lives and that it is ready', async () => {
      for (const place of ['/healthz', '/readyz']) expect((await fetch(origin + place)).status).toBe(200)
      expect((await fetch(`${origin}/metrics`)).status).toBe(200)
    })

    test('finishes on SIGTERM what it has begun, takes nothing new, and ends well', async () => {
      const assertion = await assertionFor(principals.anonymous)
      const ask = () =>
        fetch(`${origin}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', [IDENTITY_HEADER]: assertion },
          body: JSON.stringify({ query: probe.query }),
        })
      const held = await admin.hold(probe.table)
      const begun = ask()
      await held.untilWaitedFor()
      const socket = await openSocket(`${origin}/graphql`, assertion)
      started.child.kill('SIGTERM')
      // Gateways open their subscriptions elsewhere before this process is gone.
      expect((await once(socket, 'close'))[0]).toBe(1012)
      await untilRefused(`${origin}/readyz`)
      await expect(ask()).rejects.toThrow()
      await held.release()
      const response = await begun
      expect(response.status).toBe(200)
      expect(((await response.json()) as Answer).errors).toBeUndefined()
      expect(await started.ended).toMatchObject({ code: 0, signal: null })
    })
  })
}

const entitiesQuery = (entities: object) => `query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    __typename
    ${Object.keys(entities)
      .map((type) => `... on ${type} { id }`)
      .join(' ')}
  }
}`

async function openSocket(url: string, assertion: string): Promise<WebSocket> {
  const headers = { [IDENTITY_HEADER]: assertion }
  const socket = new WebSocket(url.replace(/^http/, 'ws'), 'graphql-transport-ws', { headers })
  await once(socket, 'open')
  return socket
}

/** Resolves when the server accepts no new connection. */
async function untilRefused(url: string): Promise<void> {
  for (;;) {
    const connected = await fetch(url, { headers: { connection: 'close' } }).then(
      async (response) => (await response.text(), true),
      () => false,
    )
    if (!connected) return
  }
}
