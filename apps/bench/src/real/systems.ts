import { randomBytes, randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { generateIdentityKeys, type Principal, scopesOf } from '@courtside/auth'
import { freePort } from '@courtside/database/embedded'
import { workspaceRoot } from '@courtside/database/migrate'
import { source, script } from '../gateways/index.ts'
import { type Pinning, type Program, startProgram, untilAnswering } from '../machine/index.ts'
import type { PlatformSettings } from '../programs/platform.ts'
import type { DemoDatabases } from './databases.ts'
import { composePlainSupergraph } from './plain-supergraph.ts'

/** One way to serve the real graph. */
export interface System {
  url: string
  /** Its processes. */
  pids: readonly number[]
  stop(): Promise<void>
}

export interface Place {
  databases: DemoDatabases
  logDirectory: string
  prefix: Pinning['prefix']
}

export async function startOurs(
  place: Place,
  options: Pick<PlatformSettings, 'accountsSecret' | 'remembers'>,
): Promise<System> {
  const port = await freePort()
  const databaseUrls = Object.fromEntries(SUBGRAPHS.map((name) => [name, place.databases.appUrl(name)]))
  const logUrls = Object.fromEntries(SUBGRAPHS.map((name) => [name, place.databases.logUrl(name)]))
  const settings: PlatformSettings = { port, databaseUrls, logUrls, ...options }
  const name = options.remembers ? 'platform' : 'forgetful-platform'
  return serve(name, port, { args: [source('platform'), JSON.stringify(settings)] }, '/graphql', place)
}

const SUBGRAPHS = ['accounts', 'stats'] as const

/** Plain Apollo, and each subgraph in a process of its own behind it. All of them share the processor that ours has. */
export async function startPlain(place: Place, userId: string): Promise<System> {
  await using starting = new AsyncDisposableStack()
  const keys = await generateIdentityKeys()
  const addresses: Record<string, string> = {}
  const pids: number[] = []
  for (const name of SUBGRAPHS) {
    const port = await freePort()
    const program = subgraphProgram(name, port, JSON.stringify(keys.publicKey), place.databases)
    const subgraph = starting.adopt(await serve(name, port, program, '/readyz', place), (one) => one.stop())
    addresses[name] = subgraph.url
    pids.push(...subgraph.pids)
  }
  const supergraphFile = path.join(place.logDirectory, 'plain-supergraph.graphql')
  await writeFile(supergraphFile, composePlainSupergraph(addresses))
  const port = await freePort()
  const settings = { port, supergraphFile, addresses, privateKey: keys.privateKey, person: member(userId) }
  const program: Program = {
    args: [script('plain-apollo-with-identity'), JSON.stringify(settings)],
    environment: { APOLLO_TELEMETRY_DISABLED: 'true' },
  }
  const gateway = starting.adopt(await serve('plain', port, program, '/graphql', place), (one) => one.stop())
  const started = starting.move()
  return { url: gateway.url, pids: [...pids, ...gateway.pids], stop: () => started.disposeAsync() }
}

function subgraphProgram(
  name: (typeof SUBGRAPHS)[number],
  port: number,
  publicKey: string,
  databases: DemoDatabases,
): Program {
  const prefix = name.toUpperCase()
  return {
    args: [path.join(workspaceRoot, 'apps', name, 'src/main.ts')],
    environment: {
      IDENTITY_PUBLIC_KEY: publicKey,
      [`${prefix}_HOST`]: '127.0.0.1',
      [`${prefix}_PORT`]: String(port),
      [`${prefix}_DATABASE_URL`]: databases.appUrl(name),
      ACCOUNTS_LOG_URL: databases.logUrl('accounts'),
      [`${prefix}_SECRET`]: randomBytes(32).toString('base64url'),
      CURSOR_KEYS: `1:${randomBytes(32).toString('base64')}`,
      LOG_LEVEL: 'error',
    },
  }
}

async function serve(
  name: string,
  port: number,
  program: Program,
  probe: string,
  { logDirectory, prefix }: Place,
): Promise<System> {
  const origin = `http://127.0.0.1:${port}`
  const started = startProgram(name, program, { logDirectory, prefix })
  try {
    await untilAnswering(started, () => fetch(origin + probe))
  } catch (error) {
    await started.stop()
    throw error
  }
  return { url: `${origin}/graphql`, pids: [started.pid], stop: () => started.stop() }
}

const member = (userId: string): Principal => ({
  kind: 'user',
  userId,
  sessionId: randomUUID(),
  apiKeyId: null,
  service: null,
  roles: ['member'],
  scopes: scopesOf(['member']),
})
