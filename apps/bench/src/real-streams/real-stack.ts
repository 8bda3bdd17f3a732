import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { generateIdentityKeys } from '@courtside/auth'
import { freePort } from '@courtside/database/embedded'
import { workspaceRoot } from '@courtside/database/migrate'
import pg from 'pg'
import { source } from '../gateways/index.ts'
import {
  type ChildProgram,
  nextMessage,
  type Pinning,
  type Program,
  startProgram,
  untilAnswering,
} from '../machine/index.ts'
import type { RawBusSettings } from '../programs/raw-bus.ts'
import type { RealGatewaySettings } from '../programs/real-gateway.ts'
import type { WriterSettings, Written } from '../programs/game-writer.ts'
import type { DemoDatabases } from '../real/index.ts'
import type { Happening } from '../streams/index.ts'

/** The platform as in production: gateway and subgraphs in processes of their own, on a real Postgres. */
export interface RealStack {
  /** Of the gateway. */
  readonly port: number
  readonly gateway: ChildProgram
  readonly pids: readonly number[]
  /** Games of the demo, the same ones in every run. */
  games(count: number): Promise<readonly (readonly [gameId: string, version: number])[]>
  /** In a process of its own. */
  write(happening: Happening): Promise<Written>
  /** A plain server that listens on the same bus. */
  startRaw(games: RawBusSettings['versions']): Promise<{ port: number; stop(): Promise<void> }>
  /** Rows that statements have read from the log so far. */
  factsRead(): Promise<number>
  /** What its programs have complained of, for whoever has to find out why it fails. */
  complaints(): string
  stop(): Promise<void>
}

export interface StackPlace {
  databases: DemoDatabases
  logDirectory: string
  prefix: Pinning['prefix']
}

export async function startRealStack(place: StackPlace, bus: WriterSettings['bus']): Promise<RealStack> {
  await using starting = new AsyncDisposableStack()
  const keys = await generateIdentityKeys()
  const databaseUrl = place.databases.appUrl('stats')
  const programs = new Map<string, ChildProgram>()
  const start = async (name: string, program: Program, probe: string, port: number, measured = false) => {
    const options = { logDirectory: place.logDirectory, ...(measured && { prefix: place.prefix }) }
    const started = starting.adopt(startProgram(name, program, options), (one) => one.stop())
    await untilAnswering(started, () => fetch(`http://127.0.0.1:${port}${probe}`))
    programs.set(name, started)
    return started
  }
  const addresses: Record<string, string> = {}
  const pids: number[] = []
  const cursorKeys = `1:${randomBytes(32).toString('base64')}`
  for (const name of ['accounts', 'stats']) {
    const port = await freePort()
    const environment = subgraphEnvironment(name, port, bus, place.databases)
    const program = {
      args: [path.join(workspaceRoot, 'apps', name, 'src/main.ts')],
      environment: {
        ...environment,
        CURSOR_KEYS: cursorKeys,
        IDENTITY_PUBLIC_KEY: JSON.stringify(keys.publicKey),
      },
    }
    pids.push((await start(name, program, '/readyz', port)).pid)
    addresses[name] = `http://127.0.0.1:${port}/graphql`
  }
  const port = await freePort()
  const settings: RealGatewaySettings = { port, addresses, privateKey: keys.privateKey }
  const gateway = await start(
    'gateway',
    { args: [source('real-gateway'), JSON.stringify(settings)] },
    '/readyz',
    port,
    true,
  )

  const { logDirectory } = place
  const writerSettings: WriterSettings = { databaseUrl, bus }
  const writer = starting.adopt(
    startProgram(
      'writer',
      { args: [source('game-writer'), JSON.stringify(writerSettings)] },
      { logDirectory },
    ),
    (one) => one.stop(),
  )
  await nextMessage(writer)
  const database = new pg.Client({ connectionString: databaseUrl })
  starting.defer(() => database.end())
  await database.connect()

  const started = starting.move()
  return {
    port,
    gateway,
    pids: [gateway.pid, ...pids],
    async games(count) {
      const { rows } = await database.query<{ id: string; version: number }>(
        'SELECT id, version FROM games ORDER BY id LIMIT $1',
        [count],
      )
      if (rows.length < count) throw new Error(`The demo has ${rows.length} games, and not ${count}`)
      return rows.map(({ id, version }) => [id, version] as const)
    },
    write(happening) {
      const written = nextMessage<Written>(writer)
      writer.child.send(happening)
      return written
    },
    async startRaw(versions) {
      const rawPort = await freePort()
      const rawSettings: RawBusSettings = { port: rawPort, versions, ...writerSettings }
      const raw = startProgram(
        'raw-bus',
        { args: [source('raw-bus'), JSON.stringify(rawSettings)] },
        { logDirectory, prefix: place.prefix },
      )
      await untilAnswering(raw, () => fetch(`http://127.0.0.1:${rawPort}/`))
      return { port: rawPort, stop: () => raw.stop() }
    },
    async factsRead() {
      const { rows } = await database.query<{ read: string }>(
        "SELECT sum(seq_tup_read + idx_tup_fetch) AS read FROM pg_stat_user_tables WHERE relname LIKE 'facts%'",
      )
      return Number(rows[0]?.read ?? 0)
    },
    complaints: () => [...programs].map(([name, program]) => `${name}: ${program.lastWords()}`).join('\n'),
    stop: () => started.disposeAsync(),
  }
}

/** Adds to what went wrong what the programs have to say of it. */
export async function withComplaints<Result>(
  stack: Pick<RealStack, 'complaints'>,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new Error(`${message}\n${stack.complaints()}`, { cause: error })
  }
}

function subgraphEnvironment(
  name: string,
  port: number,
  bus: WriterSettings['bus'],
  databases: DemoDatabases,
): Record<string, string> {
  const prefix = name.toUpperCase()
  return {
    [`${prefix}_HOST`]: '127.0.0.1',
    [`${prefix}_PORT`]: String(port),
    [`${prefix}_DATABASE_URL`]: databases.appUrl(name),
    [`${prefix}_SECRET`]: randomBytes(32).toString('base64url'),
    ACCOUNTS_LOG_URL: databases.logUrl('accounts'),
    LOG_LEVEL: 'warn',
    BUS: bus.kind,
    ...(bus.kind === 'redis' && { REDIS_URL: bus.url }),
  }
}
