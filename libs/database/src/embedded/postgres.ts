import { setTimeout as delay } from 'node:timers/promises'
import type { Binaries } from './binaries.ts'
import type { Home } from './home.ts'
import { readPostmasterFile } from './postmaster-file.ts'
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
}

/** Fulfils when Postgres takes connections, or has given up. */
export async function launchPostgres(options: PostgresOptions): Promise<RunningPostgres | FailedPostgres> {
  const { home, binaries, port, throwAway } = options
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
  const ended = await isReadyOrEnded(home, postgres)
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
    const patience = new AbortController()
    const tooLong = delay(STOP_LIMIT_MS, 'too long' as const, { signal: patience.signal }).catch(
      () => 'ended' as const,
    )
    const outcome = await Promise.race([postgres.ended, tooLong])
    patience.abort()
    if (outcome !== 'too long' || postgres.pid === undefined) return
    process.kill(postgres.pid, signal)
  }
  await postgres.ended
}
