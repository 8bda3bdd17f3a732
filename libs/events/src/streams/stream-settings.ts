import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { sharedPrivateFile } from '@courtside/config'
import type { Metrics } from '@courtside/http'
import { StartupError } from '@courtside/kernel'
import type { CursorKey } from '../cursor/index.ts'
import type { StreamsEnv } from './env.ts'
import { createStreamMetrics, type StreamMetrics } from './stream-metrics.ts'

/** What all logs of one process have in common. */
export interface StreamSettings {
  readonly bus: { readonly kind: 'postgres' } | { readonly kind: 'redis'; readonly url: string }
  /** The first signs. The same in every process of a log. */
  readonly cursorKeys: readonly CursorKey[]
  /** Default: nobody is told. */
  readonly metrics?: StreamMetrics
}

const SECRET = /^[A-Za-z0-9_-]{43}$/
const newSecret = () => randomBytes(32).toString('base64url')

/** `directory` keeps the key of this workspace, when the environment has none: cursors outlive the process. */
export async function loadStreamSettings(
  { BUS, REDIS_URL, CURSOR_KEYS }: StreamsEnv,
  directory: string,
  metrics: Metrics,
): Promise<StreamSettings> {
  if (BUS === 'redis' && REDIS_URL === undefined) {
    throw new StartupError(
      'BUS is redis, but REDIS_URL is not set.\nSet it to the address of the Redis that all processes share, or leave BUS out: Postgres carries the hints then.',
    )
  }
  return {
    bus:
      BUS === 'redis' && REDIS_URL !== undefined ? { kind: 'redis', url: REDIS_URL } : { kind: 'postgres' },
    cursorKeys: CURSOR_KEYS ?? [await loadDevelopmentKey(directory)],
    metrics: createStreamMetrics(metrics),
  }
}

/** For tests and trials: nobody can come back with a cursor once this is forgotten. */
export const throwAwayStreamSettings = (): StreamSettings => ({
  bus: { kind: 'postgres' },
  cursorKeys: [{ id: 0, secret: randomBytes(32) }],
})

async function loadDevelopmentKey(directory: string): Promise<CursorKey> {
  const file = path.join(directory, 'cursor-key')
  const secret = (await sharedPrivateFile(file, newSecret)).trim()
  if (SECRET.test(secret)) return { id: 0, secret: Buffer.from(secret, 'base64url') }
  throw new StartupError(
    `The file ${file} is damaged. Delete it and start again; clients will have to begin with a snapshot.`,
  )
}
