import { type Clock, StartupError, systemClock } from '@courtside/kernel'
import type { Logger } from '@courtside/logger'
import { Redis } from 'ioredis'
import { createCircuit } from './circuit.ts'
import { isFaultOfOurs } from './reply-error.ts'

export interface RedisOptions {
  /** `redis://…`, `rediss://…`, or the path of a socket. */
  url: string
  /** What it is used for, as its log lines and the server's client list call it. */
  name: string
  log: Logger
  /** The longest that one question may take. Default: 50 ms. */
  timeoutMs?: number
  clock?: Clock
  /** Default: nobody is told. */
  onState?(state: 'up' | 'away'): void
}

/**
 * A Redis that may be away. Nothing here waits for it to come back and nothing throws, so it suits what a service can
 * do without: caches, hints, counters.
 */
export interface RedisConnection {
  /**
   * Null when Redis is away, too slow or cannot answer; after some of that, for a while, at once. Null also for a
   * question that is wrong, which the log tells.
   */
  ask<Result>(question: (redis: Redis) => Promise<Result>): Promise<{ readonly result: Result } | null>
  close(): Promise<void>
}

const LONGEST_RECONNECT_MS = 2_000
/** A question that is wrong may be asked by every request. */
const SAY_FAULTS_EVERY_MS = 60_000

/** Connects in the background. Throws only when the url can never work. */
export function createRedisConnection(options: RedisOptions): RedisConnection {
  const { url, name, timeoutMs = 50, clock = systemClock, onState } = options
  const log = options.log.child({ redis: name })
  assertRedisUrl(url)
  const redis = new Redis(url, {
    connectionName: name,
    connectTimeout: 2_000,
    commandTimeout: timeoutMs,
    // Questions are about now. One that waited for a connection would be answered to nobody.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // ioredis keeps the process for so long after the end of a connection that was already lost.
    disconnectTimeout: 100,
    retryStrategy: (attempt) => Math.min(attempt * 100, LONGEST_RECONNECT_MS),
  })
  let reported: 'up' | 'away' | null = null
  let lastError: unknown = null

  const report = (state: 'up' | 'away', cause: unknown) => {
    if (state === reported) return
    if (state === 'away')
      log.error(cause ? { err: cause } : {}, 'Redis is away; its answers are done without')
    else if (reported === 'away') log.info({}, 'Redis answers again')
    reported = state
    onState?.(state)
  }
  let sayFaultsFrom = -Infinity
  const sayFault = (error: Error) => {
    const now = clock.now().getTime()
    if (now < sayFaultsFrom) return
    sayFaultsFrom = now + SAY_FAULTS_EVERY_MS
    log.error({ err: error }, 'Redis refuses a question of ours: it is wrong')
  }
  const circuit = createCircuit({
    clock,
    onChange: (state, cause) => report(state === 'open' ? 'away' : 'up', cause),
  })
  const onClosed = () => report('away', lastError)
  redis.on('error', (error: unknown) => {
    lastError = error
  })
  redis.on('ready', () => {
    lastError = null
    report('up', null)
  })
  redis.on('close', onClosed)

  return {
    async ask(question) {
      if (redis.status !== 'ready' || !circuit.mayTry()) return null
      try {
        const result = await question(redis)
        circuit.succeeded()
        return { result }
      } catch (error) {
        if (isFaultOfOurs(error)) {
          circuit.succeeded()
          sayFault(error)
        } else {
          circuit.failed(error)
        }
        return null
      }
    },
    async close() {
      redis.off('close', onClosed)
      if (redis.status !== 'ready') return redis.disconnect()
      const closed = new Promise<void>((resolve) => redis.once('end', () => resolve()))
      redis.disconnect()
      await closed
    },
  }
}

function assertRedisUrl(url: string): void {
  if (url.startsWith('/')) return
  const protocol = URL.canParse(url) ? new URL(url).protocol : ''
  if (protocol === 'redis:' || protocol === 'rediss:') return
  // It may hold a password, so it is not repeated.
  throw new StartupError('This is no address of a Redis. Write redis://host:port, or rediss:// for TLS.')
}
