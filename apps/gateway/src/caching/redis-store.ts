import { createHash, randomBytes } from 'node:crypto'
import { createRedisScript, type RedisConnection } from '@courtside/redis'
import type { AnswerStore, Look } from './answer-store.ts'
import type { Tag } from './tags.ts'

export interface RedisStoreOptions {
  redis: RedisConnection
  /** Default: `courtside`. Gateways that share a cache share it. */
  prefix?: string
  /** Tags whose last invalidation is known. With more, everything is forgotten at once. Default: 50,000. */
  mostTags?: number
}

/**
 * One hash holds the count of invalidations, the count at which each tag was last invalidated, and a random epoch.
 * Whatever loses the hash (a restart, an eviction, too many tags) begins a new epoch, and nothing of another epoch is
 * ever an answer. It has no expiry, and entries have: under `volatile-ttl` it is the last to go.
 *
 * The keys share a hash tag: a script of a cluster works in one slot.
 */
const BEGIN_EPOCH = `
  local function state(fresh)
    local found = redis.call('HMGET', KEYS[1], 'epoch', 'count')
    if found[1] and found[2] then return found[1], found[2] end
    redis.call('DEL', KEYS[1])
    redis.call('HSET', KEYS[1], 'epoch', fresh, 'count', 0)
    return fresh, '0'
  end
  local function isTrue(since, tags)
    if #tags == 0 then return true end
    local counts = redis.call('HMGET', KEYS[1], unpack(tags))
    for i = 1, #tags do
      if counts[i] and tonumber(counts[i]) > tonumber(since) then return false end
    end
    return true
  end
`

/** KEYS: state, entry. ARGV: an epoch in case there is none. */
const LOOK = createRedisScript(`${BEGIN_EPOCH}
  local epoch, count = state(ARGV[1])
  local mark = epoch .. ':' .. count
  local entry = redis.call('HMGET', KEYS[2], 'epoch', 'since', 'tags', 'text')
  if not entry[1] then return {mark} end
  if entry[1] ~= epoch or (entry[2] ~= count and not isTrue(entry[2], cjson.decode(entry[3]))) then
    redis.call('DEL', KEYS[2])
    return {mark}
  end
  return {mark, entry[4], redis.call('PTTL', KEYS[2])}
`)

/** KEYS: state, entry. ARGV: an epoch in case there is none, epoch and count of the mark, tags, text, lifetime. */
const PUT = createRedisScript(`${BEGIN_EPOCH}
  local epoch = state(ARGV[1])
  if epoch ~= ARGV[2] or not isTrue(ARGV[3], cjson.decode(ARGV[4])) then return end
  local there = redis.call('HMGET', KEYS[2], 'epoch', 'since')
  if there[1] == epoch and tonumber(there[2]) > tonumber(ARGV[3]) then return end
  redis.call('HSET', KEYS[2], 'epoch', epoch, 'since', ARGV[3], 'tags', ARGV[4], 'text', ARGV[5])
  redis.call('PEXPIRE', KEYS[2], ARGV[6])
`)

/** KEYS: state. ARGV: an epoch in case one is needed, the most tags, the tags. */
const INVALIDATE = createRedisScript(`${BEGIN_EPOCH}
  state(ARGV[1])
  local count = redis.call('HINCRBY', KEYS[1], 'count', 1)
  for i = 3, #ARGV do redis.call('HSET', KEYS[1], ARGV[i], count) end
  if redis.call('HLEN', KEYS[1]) > tonumber(ARGV[2]) then redis.call('DEL', KEYS[1]) end
`)

/** For several gateways. */
export function createRedisStore(options: RedisStoreOptions): AnswerStore {
  const { redis, prefix = 'courtside', mostTags = 50_000 } = options
  const stateKey = `{${prefix}:answers}`
  /** Long keys are hashed: they hold the variables of a request. */
  const entryKey = (key: string) => `${stateKey}:${createHash('sha256').update(key).digest('base64url')}`
  /** Invalidations that Redis has not heard of yet. */
  const owed = new Set<Tag>()

  const send = async (tags: readonly Tag[]): Promise<boolean> => {
    const args = [freshEpoch(), mostTags, ...tags.map(fieldOf)]
    const told = await redis.ask((client) => INVALIDATE.run(client, [stateKey], args))
    for (const tag of tags) {
      if (told) owed.delete(tag)
      // One more than Redis keeps makes it forget everything.
      else if (owed.size <= mostTags) owed.add(tag)
    }
    return owed.size === 0
  }

  return {
    async look(key) {
      // What Redis has is not to be trusted before it knows what we know.
      if (owed.size > 0 && !(await send([...owed]))) return null
      const found = await redis.ask((client) => LOOK.run(client, [stateKey, entryKey(key)], [freshEpoch()]))
      return found && toLook(found.result)
    },
    async put(key, { text, tags, lifetimeMs }, mark) {
      if (owed.size > 0) return
      const [epoch = '', since = ''] = mark.split(':')
      const fields = JSON.stringify(tags.map(fieldOf))
      const args = [freshEpoch(), epoch, since, fields, text, Math.ceil(lifetimeMs)]
      await redis.ask((client) => PUT.run(client, [stateKey, entryKey(key)], args))
    },
    async invalidate(tags) {
      await send(tags)
    },
  }
}

/** So that no tag can be called like the fields beside it. */
const fieldOf = (tag: Tag) => `tag ${tag}`

const freshEpoch = () => randomBytes(9).toString('base64url')

function toLook(reply: unknown): Look | null {
  if (!Array.isArray(reply)) return null
  const [mark, text, remainingMs] = reply as unknown[]
  if (typeof mark !== 'string') return null
  const isHit = typeof text === 'string' && typeof remainingMs === 'number' && remainingMs > 0
  return { mark, hit: isHit ? { text, remainingMs } : null }
}
