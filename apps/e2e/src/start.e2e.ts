import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import { globSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { findRunningCluster, freePort } from '@courtside/database/embedded'
import { workspaceRoot } from '@courtside/database/migrate'
import { startProcess, type StartedProcess } from '@courtside/tooling/started-process'
import { bearer, graphClient } from './graph-client.ts'

const LIMIT_MS = 120_000

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'courtside-start-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

const running: StartedProcess[] = []
afterEach(async () => {
  for (const { child } of running) child.kill('SIGTERM')
  await Promise.all(running.splice(0).map(({ ended }) => ended))
})

function npm(script: string, environment: Record<string, string> = {}, args: string[] = []): StartedProcess {
  const { PATH, HOME } = process.env
  const started = startProcess('npm', ['run', '--silent', script, '--', ...args], {
    cwd: workspaceRoot,
    env: { PATH, HOME, COURTSIDE_POSTGRES_DIRECTORY: path.join(directory, 'postgres'), ...environment },
  })
  running.push(started)
  return started
}

async function occupied(): Promise<{ port: number; server: Server }> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, server }
}

describe('GW-15: npm start', () => {
  test(
    'goes from nothing to a graph with demo data, says how to use it, and keeps the data',
    async () => {
      const port = String(await freePort())
      const settings = { PORT: port, COURTSIDE_POSTGRES_PORT: String(await freePort()) }
      const first = npm('start', settings)
      await first.untilPrinted(/Ready/)
      const [, token] = await first.untilPrinted(/viewer\s+(ey\S+)/)
      const viewer = graphClient(`http://127.0.0.1:${port}`, bearer(String(token)))
      const firstQuery =
        '{ me { follows(first: 5) { edges { node { ... on Team { name nextGame { startsAt } } } } } } }'
      const answer = await viewer.ok<{ me: { follows: { edges: { node: { name: string } }[] } } }>(firstQuery)
      expect(answer.me.follows.edges.length).toBeGreaterThan(0)
      await viewer.ok('mutation { updateProfile(input: { bio: "I was here" }) { me { id } } }')
      first.child.kill('SIGTERM')
      // npm itself ends by the signal, once all that it started has ended.
      expect(await first.ended).toMatchObject({ signal: 'SIGTERM' })
      expect(await findRunningCluster(path.join(directory, 'postgres'))).toBeUndefined()

      const second = npm('start', settings)
      await second.untilPrinted(/Ready/)
      const [, laterToken] = await second.untilPrinted(/viewer\s+(ey\S+)/)
      const later = graphClient(`http://127.0.0.1:${port}`, bearer(String(laterToken)))
      expect(await later.ok('{ me { user { bio } } }')).toEqual({ me: { user: { bio: 'I was here' } } })
      second.child.kill('SIGTERM')
      await second.ended

      // The same data is not for production.
      const serious = await npm('start', {
        ...settings,
        NODE_ENV: 'production',
        ACCOUNTS_SECRET: 's'.repeat(32),
        CURSOR_KEYS: `1:${'k'.repeat(43)}=`,
      }).ended
      expect(serious.code).toBe(1)
      expect(serious.output).toContain(
        'This database holds the people of the demo, whose passwords everybody knows.',
      )
    },
    LIMIT_MS,
  )

  test(
    'recovers after it was killed without warning',
    async () => {
      const settings = { PORT: String(await freePort()), COURTSIDE_POSTGRES_PORT: String(await freePort()) }
      const killed = npm('start', settings)
      await killed.untilPrinted(/Ready/)
      killed.child.kill('SIGKILL')
      await killed.ended
      const next = npm('start', settings)
      await next.untilPrinted(/Ready/)
    },
    LIMIT_MS,
  )
})

describe('npm start refuses, with one clear sentence and nothing half-started', () => {
  test(
    'a busy port',
    async () => {
      const { port, server } = await occupied()
      const { code, output } = await npm('start', { PORT: String(port) }).ended
      server.close()
      expect(code).toBe(1)
      expect(output.trim()).toBe(
        `Port ${port} on 127.0.0.1 is already in use. Stop the program that uses it, or choose another port with PORT=${port + 1}.`,
      )
      expect(await findRunningCluster(path.join(directory, 'postgres'))).toBeUndefined()
    },
    LIMIT_MS,
  )

  test(
    'a busy port of the database',
    async () => {
      const { port, server } = await occupied()
      const { code, output } = await npm('start', {
        PORT: String(await freePort()),
        COURTSIDE_POSTGRES_PORT: String(port),
      }).ended
      server.close()
      expect(code).toBe(1)
      expect(output).toContain(String(port))
      expect(output).toContain('COURTSIDE_POSTGRES_PORT')
      expect(output).not.toMatch(/^\s+at /m)
    },
    LIMIT_MS,
  )

  test(
    'a wrong configuration, every fault of it',
    async () => {
      const { code, output } = await npm('start', { PORT: 'http', TRUST_PROXY: 'perhaps', NODE_ENV: 'prod' })
        .ended
      expect(code).toBe(1)
      expect(output).toMatch(/PORT: expected a port from 0 to 65535/)
      expect(output).toMatch(/TRUST_PROXY: expected one of/)
      expect(output).toMatch(/NODE_ENV: expected development, test or production/)
      expect(output).not.toMatch(/^\s+at /m)
    },
    LIMIT_MS,
  )

  test(
    'databases that cannot be reached, or of which one has no address',
    async () => {
      const port = await freePort()
      const settings = {
        PORT: String(await freePort()),
        ACCOUNTS_DATABASE_URL: `postgres://accounts_app:secret@127.0.0.1:${port}/accounts`,
      }
      const half = await npm('start', settings).ended
      expect(half.code).toBe(1)
      expect(half.output).toMatch(/There is a database address for accounts but none for stats\./)

      const address = `postgres://stats_app:secret@127.0.0.1:${port}/stats`
      const unreachable = await npm('start', { ...settings, STATS_DATABASE_URL: address }).ended
      expect(unreachable.code).toBe(1)
      expect(unreachable.output).toMatch(/cannot be reached: ECONNREFUSED/)
      for (const { output } of [half, unreachable]) {
        expect(output).not.toContain('secret')
        expect(output).not.toMatch(/^\s+at /m)
      }
    },
    LIMIT_MS,
  )

  test(
    'a damaged data folder',
    async () => {
      const damaged = path.join(directory, 'damaged')
      const made = npm('start:postgres', {
        COURTSIDE_POSTGRES_DIRECTORY: damaged,
        COURTSIDE_POSTGRES_PORT: String(await freePort()),
      })
      // As root the data may lie elsewhere, where its user can reach it.
      const [, where] = await made.untilPrinted(/The password is in (.*)\/superuser-password/)
      made.child.kill('SIGTERM')
      await made.ended
      const [control] = globSync(path.join(String(where), '**/global/pg_control'))
      expect(control).toBeDefined()
      await writeFile(String(control), 'not what it was')
      const { code, output } = await npm('start', {
        COURTSIDE_POSTGRES_DIRECTORY: damaged,
        COURTSIDE_POSTGRES_PORT: String(await freePort()),
        PORT: String(await freePort()),
      }).ended
      expect(code).toBe(1)
      expect(output).toContain('npm run db -- reset all')
      expect(output).not.toMatch(/^\s+at /m)
      expect(await findRunningCluster(damaged)).toBeUndefined()
    },
    LIMIT_MS,
  )
})

describe('each part on its own', () => {
  test(
    'finds the others of the same machine without being told where',
    async () => {
      const settings = {
        COURTSIDE_POSTGRES_DIRECTORY: path.join(directory, 'parts'),
        COURTSIDE_POSTGRES_PORT: String(await freePort()),
      }
      await npm('start:postgres', settings).untilPrinted(/Postgres is ready/)
      const deployed = await npm('db', settings, ['deploy', 'all']).ended
      expect(deployed).toMatchObject({ code: 0 })
      await Promise.all(
        ['accounts', 'stats'].map((name) => npm(`start:${name}`, settings).untilPrinted(/is ready/)),
      )
      const port = String(await freePort())
      await npm('start:gateway', { ...settings, PORT: port }).untilPrinted(/The gateway is ready/)
      expect(
        await graphClient(`http://127.0.0.1:${port}`).ok('{ me { email } teams(first: 1) { totalCount } }'),
      ).toEqual({
        me: null,
        teams: { totalCount: 0 },
      })
    },
    LIMIT_MS,
  )
})

describe('a subgraph on its own refuses, with one clear sentence', () => {
  test(
    'a database that cannot be reached',
    async () => {
      const { code, output } = await npm('start:accounts', {
        ACCOUNTS_PORT: '0',
        ACCOUNTS_DATABASE_URL: `postgres://accounts_app:secret@127.0.0.1:${await freePort()}/accounts`,
      }).ended
      expect(code).toBe(1)
      expect(output).toMatch(
        /The database of accounts \(accounts on 127\.0\.0\.1:\d+\) cannot be reached: ECONNREFUSED/,
      )
      expect(output).toContain('ACCOUNTS_DATABASE_URL')
      expect(output).not.toContain('secret')
      expect(output).not.toMatch(/^\s+at /m)
    },
    LIMIT_MS,
  )

  test(
    'no database at all',
    async () => {
      const { code, output } = await npm('start:stats', { STATS_PORT: '0' }).ended
      expect(code).toBe(1)
      expect(output).toContain('npm run start:postgres')
      expect(output).not.toMatch(/^\s+at /m)
    },
    LIMIT_MS,
  )
})
