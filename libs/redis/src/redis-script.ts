import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'

/** A Lua script: several commands as one step that nobody comes between, in one round trip. */
export interface RedisScript {
  /** What it returns is for the caller to read: Lua has no types to promise. */
  run(redis: Redis, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>
}

export function createRedisScript(lua: string): RedisScript {
  const sha = createHash('sha1').update(lua).digest('hex')
  return {
    async run(redis, keys, args) {
      try {
        return await redis.evalsha(sha, keys.length, ...keys, ...args)
      } catch (error) {
        // A server that has just started does not know it yet; EVAL also teaches it.
        if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
        return redis.eval(lua, keys.length, ...keys, ...args)
      }
    },
  }
}
