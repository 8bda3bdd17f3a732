import { describe, expect, test } from '@jest/globals'
import { parse } from 'graphql'
import { createEngine } from '../engine.ts'
import { LEAGUE } from '../fixtures/league.ts'
import { loadGraph } from '../graph/index.ts'
import { createOperationCache, type OperationSource } from './index.ts'

const engine = createEngine({
  graph: loadGraph(LEAGUE.supergraphSdl),
  fetch: () => Promise.resolve({ data: { now: 'noon' } }),
})
const toSource = (text: string): OperationSource => ({
  key: text,
  document: parse(text),
  operationName: null,
})
const named = (name: string) => toSource(`{ ${name}: now }`)
const weight = engine.compile(named('a').document, null).weight

describe('compiled operations', () => {
  test('are compiled once', async () => {
    const cache = createOperationCache({ compile: engine.compile, maxBytes: 10 * weight })
    const operation = cache.compile(named('a'))
    expect(cache.compile(named('a'))).toBe(operation)
    expect(cache.find(named('a').key)).toBe(operation)
    expect(cache.find(named('b').key)).toBeUndefined()
    expect(cache.bytes).toBe(weight)
  })

  test('go when they are too heavy together, those used longest ago first', () => {
    const cache = createOperationCache({ compile: engine.compile, maxBytes: 2 * weight })
    const first = cache.compile(named('a'))
    cache.compile(named('b'))
    cache.find(named('a').key)
    cache.compile(named('c'))
    expect(cache.find(named('a').key)).toBe(first)
    expect(cache.find(named('b').key)).toBeUndefined()
    expect(cache.bytes).toBe(2 * weight)
  })

  test('are not kept where one is too heavy by itself', () => {
    const cache = createOperationCache({ compile: engine.compile, maxBytes: weight - 1 })
    expect(cache.compile(named('a')).weight).toBe(weight)
    expect(cache.bytes).toBe(0)
  })

  test('that fail are not remembered', () => {
    const cache = createOperationCache({ compile: engine.compile, maxBytes: 10 * weight })
    const source = { ...named('a'), operationName: 'Unknown' }
    expect(() => cache.compile(source)).toThrow('The document holds no operation Unknown')
    expect(cache.compile(named('a')).weight).toBe(weight)
  })

  test('are warmed up one by one, and requests pass in between', async () => {
    const cache = createOperationCache({ compile: engine.compile, maxBytes: 100 * weight })
    const seen: number[] = []
    const sources = ['a', 'b', 'a', 'c'].map(named)
    const watch = () => {
      seen.push(cache.bytes / weight)
      if (seen.length < 3) setImmediate(watch)
    }
    setImmediate(watch)
    const broken = { key: 'broken', document: parse('{ nothing }'), operationName: null }
    const report = await cache.warmUp([...sources, broken])
    expect(seen).toEqual([1, 2, 3])
    expect(report.compiled).toBe(3)
    expect(report.failed).toEqual([
      { key: 'broken', error: expect.objectContaining({ message: expect.any(String) }) },
    ])
  })

  test('stay where they were warmed up, whatever comes later', async () => {
    const cache = createOperationCache({ compile: engine.compile, maxBytes: 2 * weight })
    await cache.warmUp([named('a')])
    for (const name of ['b', 'c', 'd', 'e']) cache.compile(named(name))
    expect(cache.find(named('a').key)).toBeDefined()
    expect([cache.count, cache.bytes]).toEqual([3, 3 * weight])
  })

  test('are not warmed up beyond what there is room for', async () => {
    const cache = createOperationCache({ compile: engine.compile, maxBytes: 2 * weight })
    const report = await cache.warmUp(['a', 'b', 'c', 'd'].map(named))
    expect(report).toEqual({ compiled: 2, failed: [] })
    expect(cache.find(named('a').key)).toBeDefined()
  })
})
