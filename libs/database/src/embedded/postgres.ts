import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '@courtside/logger'
import type { Binaries } from './binaries.ts'
import type { Home } from './home.ts'
import { readPostmasterFile } from './postmaster-file.ts'
import { signalProcess } from './process-table.ts'
import { readLogTail } from './startup-failure.ts'
import { type Supervised, supervise } from './supervisor.ts'

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Costs more than it saves on the short queries of a graph.
  jit: 'off',
  log_checkpoints: 'off',
}

/** A crash loses everything, which is what throw-away means; in exchange a commit costs nothing. */
const THROW_AWAY_SETTINGS: Readonly<Record<string, string>> = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  shared_buffers: '64MB',
  autovacuum: 'off',
}

const LOOK_EVERY_MS = 20
const SLOW_MS = 5_000
const STOP_LIMIT_MS = 15_000

export interface RunningPostgres {
  state: 'running'
  port: number
  ended: Promise<number>
  stop(): Promise<void>
}

export interface FailedPostgres {
  state: 'failed'
  code: number
  /** The end of its log. */
  words: string
}

export interface PostgresOptions {
  home: Home
  binaries: Binaries
  port: number
  throwAway: boolean
  log: Logger
}

/** Fulfils when Postgres takes connections, or has given up. */
export async function launchPostgres(options: PostgresOptions): Promise<RunningPostgres | FailedPostgres> {
  const { home, binaries, port, throwAway, log } = options
  const settings = throwAway ? { ...SETTINGS, ...THROW_AWAY_SETTINGS } : SETTINGS
  const postgres = await supervise({
    command: binaries.postgres,
    args: [
      ...['-D', home.data, '-p', String(port)],
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    user: home.user,
    stopSignal: throwAway ? 'QUIT' : 'INT',
    scratch: throwAway ? home.directory : undefined,
    logFile: home.log,
  })
  const slow = setTimeout(
    () => log.info({}, 'Postgres is still starting: after a crash it first repeats its log'),
    SLOW_MS,
  )
  const ended = await isReadyOrEnded(home, postgres).finally(() => clearTimeout(slow))
  if (ended !== 'ready') return { state: 'failed', code: ended, words: await readLogTail(home.log) }
  return { state: 'running', port, ended: postgres.ended, stop: () => stop(postgres) }
}

async function isReadyOrEnded(home: Home, postgres: Supervised): Promise<'ready' | number> {
  const ended = new AbortController()
  const code = postgres.ended.finally(() => ended.abort())
  while (!ended.signal.aborted) {
    const file = await readPostmasterFile(home.data)
    // The file may still be another's: only our own pid counts.
    if (file?.ready === true && file.pid === postgres.pid) return 'ready'
    await delay(LOOK_EVERY_MS, undefined, { signal: ended.signal }).catch(() => {})
  }
  return code
}

async function stop(postgres: Supervised): Promise<void> {
  postgres.stop()
  for (const signal of ['SIGQUIT', 'SIGKILL'] as const) {
    if (await isWithin(STOP_LIMIT_MS, postgres.ended)) return
    if (postgres.pid !== undefined) signalProcess(postgres.pid, signal)
  }
  await postgres.ended
}

async function isWithin(limitMs: number, event: Promise<unknown>): Promise<boolean> {
  const cancel = new AbortController()
  const tooLate = delay(limitMs, false, { signal: cancel.signal }).catch(() => false)
  const inTime = await Promise.race([event.then(() => true), tooLate])
  cancel.abort()
  return inTime
}
