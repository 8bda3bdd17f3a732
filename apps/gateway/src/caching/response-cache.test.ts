import { describe, expect, test } from '@jest/globals'
import { createTestClock } from '@courtside/testing'
import type { CachePolicy } from './cache-policy.ts'
import { createMemoryStore } from './memory-store.ts'
import {
  type Beginning,
  createResponseCache,
  type Found,
  type ResponseCacheOptions,
} from './response-cache.ts'

const policy = (maxAgeSeconds: number, scope: CachePolicy['scope'] = 'PUBLIC') => ({ maxAgeSeconds, scope })

function setUp(options: Partial<ResponseCacheOptions> = {}, mostBytes?: number) {
  const clock = createTestClock(new Date('2026-11-20T12:00:00Z'))
  const store = options.store ?? createMemoryStore({ clock, ...(mostBytes !== undefined && { mostBytes }) })
  const cache = createResponseCache({ store, clock, keyspace: 'graph', ...options })
  const get = async (key = 'k'): Promise<Found> => cache.get(key)
  const begin = async (key = 'k'): Promise<Beginning> => {
    const { beginning } = await get(key)
    if (!beginning) throw new Error('The store is out of order')
    return beginning
  }
  const put = async (key: string, text: string, given = policy(10), tags: string[] | null = ['Game']) =>
    cache.put(key, text, given, () => tags, await begin(key))
  return { clock, store, cache, get, begin, put }
}

describe('a response cache', () => {
  test('gives an answer for as long as its policy says, and tells how long that still is', async () => {
    const { clock, get, put } = setUp()
    await put('k', 'text')
    clock.advance(3_500)
    expect(await get()).toMatchObject({ text: 'text', maxAgeSeconds: 6 })
    clock.advance(6_499)
    expect(await get()).toMatchObject({ text: 'text', maxAgeSeconds: 0 })
    clock.advance(1)
    expect((await get()).text).toBeNull()
  })

  test('tells what happens to it', async () => {
    const events: string[] = []
    const { get, put } = setUp({ onEvent: (event) => events.push(event) })
    await put('k', 'text')
    await get()
    await put('own', 'for one person', policy(10, 'PRIVATE'))
    expect(events).toEqual(['miss', 'store', 'hit', 'miss'])
  })

  test('tells of a store that is out of order, and takes it for a miss', async () => {
    const events: string[] = []
    const store = { look: () => null, put: () => undefined, invalidate: () => undefined }
    const { get } = setUp({ store, onEvent: (event) => events.push(event) })
    expect(await get()).toEqual({ text: null, maxAgeSeconds: 0, beginning: null })
    expect(events).toEqual(['error'])
  })

  test('counts the age from before the read', async () => {
    const { clock, cache, begin, get } = setUp()
    const beginning = await begin()
    clock.advance(9_000)
    await cache.put('k', 'slow', policy(10), () => ['Game'], beginning)
    clock.advance(999)
    expect((await get()).text).toBe('slow')
    clock.advance(1)
    expect((await get()).text).toBeNull()
  })

  test('does not store what is older than it may become', async () => {
    const { clock, cache, begin, get } = setUp()
    const beginning = await begin()
    clock.advance(10_000)
    await cache.put('k', 'late', policy(10), () => ['Game'], beginning)
    expect((await get()).text).toBeNull()
  })

  test('stores no answer for one person', async () => {
    const { put, get } = setUp()
    await put('k', 'mine', policy(10, 'PRIVATE'))
    expect((await get()).text).toBeNull()
  })

  test('stores what is just small enough, and what is about just few enough things', async () => {
    const { put, get } = setUp({ largestAnswer: 5 })
    await put('small', '12345')
    await put('large', '123456')
    await put('about too much', '1', policy(10), null)
    expect((await get('small')).text).toBe('12345')
    expect((await get('large')).text).toBeNull()
    expect((await get('about too much')).text).toBeNull()
  })

  test('does not look for the tags of what it does not store', async () => {
    const { cache, begin } = setUp({ largestAnswer: 5 })
    const tags = () => {
      throw new Error('looked for tags')
    }
    await cache.put('k', '123456', policy(10), tags, await begin())
    await cache.put('k', '1', policy(10, 'PRIVATE'), tags, await begin())
  })

  test('stores for an hour at most, whatever a hint says', async () => {
    const { clock, put, get } = setUp()
    await put('k', 'text', policy(1_000_000))
    clock.advance(3_600_000 - 1)
    expect((await get()).text).toBe('text')
    clock.advance(1)
    expect((await get()).text).toBeNull()
  })

  test('keeps the answers of two graphs apart', async () => {
    const one = setUp()
    await one.put('k', 'text')
    const other = setUp({ store: one.store, keyspace: 'another graph' })
    expect((await other.get()).text).toBeNull()
    expect((await one.get()).text).toBe('text')
  })

  test('drops what was asked for the longest ago when there is no more room', async () => {
    const { put, get } = setUp({}, 30_000)
    const text = 'x'.repeat(4_000)
    for (const key of ['a', 'b', 'c']) await put(key, text)
    await get('a')
    await put('d', text)
    const found = await Promise.all(['a', 'b', 'c', 'd'].map(async (key) => (await get(key)).text !== null))
    expect(found).toEqual([true, false, true, true])
  })

  test('finds nothing, and nothing to put, where the store is out of order', async () => {
    const { get } = setUp({ store: { look: () => null, put() {}, invalidate() {} } })
    expect(await get()).toEqual({ text: null, maxAgeSeconds: 0, beginning: null })
  })

  test('is answered without waiting from memory', async () => {
    const { cache, put } = setUp()
    await put('k', 'text')
    expect(cache.get('k')).not.toBeInstanceOf(Promise)
  })
})
