import { afterEach, describe, expect, test } from '@jest/globals'
import { type Logger, silentLogger } from '@courtside/logger'
import { createRedisConnection, createRedisScript, type RedisConnection } from './index.ts'
import { describeWithRedis } from './testing/index.ts'

const open: RedisConnection[] = []
afterEach(async () => {
  for (const connection of open.splice(0)) await connection.close()
})

/** Each state of the connection, in order; the next one can be waited for. */
function connect(url: string) {
  const said: string[] = []
  const say = (_fields: object, message: string) => void said.push(message)
  const log: Logger = { ...silentLogger, info: say, error: say, child: () => log }
  let time = 0
  const clock = { now: () => new Date(time), advance: (milliseconds: number) => (time += milliseconds) }
  const states: string[] = []
  const waiting: { state: string; resolve: () => void }[] = []
  const connection = createRedisConnection({
    url,
    name: 'test',
    log,
    clock,
    timeoutMs: 100,
    onState: (state) => {
      states.push(state)
      for (const one of waiting.splice(0)) {
        if (one.state === state) one.resolve()
        else waiting.push(one)
      }
    },
  })
  open.push(connection)
  const until = (state: string) =>
    states.at(-1) === state
      ? Promise.resolve()
      : new Promise<void>((resolve) => waiting.push({ state, resolve }))
  const get = (key: string) => connection.ask((redis) => redis.get(key))
  return { connection, said, clock, states, until, get }
}

describeWithRedis('a connection to Redis', (redis) => {
  test('answers', async () => {
    const { connection, until, get, said } = connect(redis().url)
    await until('up')
    await connection.ask((client) => client.set('greeting', 'hello'))
    expect(await get('greeting')).toEqual({ result: 'hello' })
    expect(await get('nothing')).toEqual({ result: null })
    expect(said).toEqual([])
  })

  test('gives up on a Redis that hangs, after a while at once, and says so once', async () => {
    const { connection, until, get, said, clock } = connect(redis().url)
    await until('up')
    redis().freeze()
    try {
      expect(await Promise.all([get('a'), get('b'), get('c'), get('d')])).toEqual([null, null, null, null])
      let asked = 0
      const question = async () => void (asked += 1)
      for (let i = 0; i < 100; i += 1) expect(await connection.ask(question)).toBeNull()
      expect(asked).toBe(0)
      expect(said).toEqual(['Redis is away; its answers are done without'])
    } finally {
      redis().thaw()
    }
    clock.advance(1_000)
    expect(await get('a')).toEqual({ result: null })
    expect(said).toEqual(['Redis is away; its answers are done without', 'Redis answers again'])
  })

  test('notices a Redis that dies, and finds it again', async () => {
    const { until, get, said } = connect(redis().url)
    await until('up')
    await redis().kill()
    await until('away')
    expect(await get('a')).toBeNull()
    await redis().startAgain()
    await until('up')
    expect(await get('a')).toEqual({ result: null })
    expect(said).toEqual(['Redis is away; its answers are done without', 'Redis answers again'])
  })

  test('takes a refusal for no answer, and for a fault of ours that is said once a minute', async () => {
    const { connection, until, get, said, clock } = connect(redis().url)
    await until('up')
    await connection.ask((client) => client.set('text', 'no list'))
    const wrong = () => connection.ask((client) => client.lpush('text', 'x'))
    for (let i = 0; i < 5; i += 1) expect(await wrong()).toBeNull()
    expect(await get('text')).toEqual({ result: 'no list' })
    expect(said).toEqual(['Redis refuses a question of ours: it is wrong'])
    clock.advance(60_000)
    await wrong()
    expect(said).toHaveLength(2)
  })

  test('is away while the server has no room', async () => {
    const { connection, until, said, clock } = connect(redis().url)
    await until('up')
    const giveBytes = (most: string) => connection.ask((client) => client.config('SET', 'maxmemory', most))
    await giveBytes('1')
    const script = createRedisScript("return redis.call('SET', KEYS[1], 'x')")
    for (let i = 0; i < 3; i += 1) await connection.ask((client) => script.run(client, ['key'], []))
    expect(said).toEqual(['Redis is away; its answers are done without'])
    clock.advance(1_000)
    expect(await giveBytes('0')).toEqual({ result: 'OK' })
  })

  test('teaches a script to a server that has never seen it', async () => {
    const { connection, until } = connect(redis().url)
    await until('up')
    const script = createRedisScript('return {KEYS[1], ARGV[1]}')
    const run = () => connection.ask((client) => script.run(client, ['key'], [7]))
    await connection.ask((client) => client.script('FLUSH'))
    expect(await run()).toEqual({ result: ['key', '7'] })
    expect(await run()).toEqual({ result: ['key', '7'] })
  })
})

describe('a connection to no Redis', () => {
  test('is no reason to fail or to wait', async () => {
    const { get, until, said } = connect('redis://127.0.0.1:1')
    expect(await get('a')).toBeNull()
    await until('away')
    expect(said).toEqual(['Redis is away; its answers are done without'])
  })

  test('cannot be asked for by an address that is none', () => {
    expect(() => connect('http://:secret@localhost')).toThrow('no address of a Redis')
    expect(() => connect('http://:secret@localhost')).not.toThrow('secret')
  })
})
