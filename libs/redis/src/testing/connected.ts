import { silentLogger } from '@courtside/logger'
import { createRedisConnection, type RedisConnection, type RedisOptions } from '../redis-connection.ts'

/** A connection that is up. */
export async function connected(
  url: string,
  options: Partial<Omit<RedisOptions, 'url'>> = {},
): Promise<RedisConnection> {
  const up = Promise.withResolvers<void>()
  const connection = createRedisConnection({
    name: 'test',
    log: silentLogger,
    timeoutMs: 5_000,
    ...options,
    url,
    onState(state) {
      if (state === 'up') up.resolve()
      options.onState?.(state)
    },
  })
  await up.promise
  return connection
}
