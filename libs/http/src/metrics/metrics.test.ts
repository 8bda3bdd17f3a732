import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { createCounter } from './counter.ts'
import { createDurations } from './durations.ts'
import { toExposition } from './exposition.ts'
import { createGauge } from './gauge.ts'
import { createMetrics } from './metrics.ts'

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const labelNames = ['type', 'outcome'] as const
const help = 'A line\nand a \\ in the next.'

const labels = fc.record({
  type: fc.constantFrom('query', 'mutation', 'say "x"', 'a\\b', 'two\nlines', ''),
  outcome: fc.constantFrom('ok', 'failed', 'tarde ☂'),
})
const amount = fc.oneof(fc.nat(), fc.double({ min: 0, max: 1e9, noNaN: true }))
const seconds = fc.oneof(
  fc.constantFrom(0, ...SECONDS),
  fc.double({ min: 0, max: 20, noNaN: true }).map((value) => value + 0),
)

describe('figures are told as prom-client would tell them', () => {
  test('of a counter', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(labels, amount)), async (events) => {
        const registry = new Registry()
        const theirs = new Counter({
          name: 'a_total',
          help,
          labelNames: [...labelNames],
          registers: [registry],
        })
        const { metric, lines } = createCounter('a_total', labelNames)
        for (const [set, by] of events) {
          theirs.inc(set, by)
          metric.inc(set, by)
        }
        expect(toExposition([{ name: 'a_total', help, type: 'counter', lines }])).toBe(
          await registry.metrics(),
        )
      }),
    )
  })

  test('of a gauge', async () => {
    const change = fc.tuple(fc.constantFrom('set' as const, 'add' as const), fc.integer())
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(labels, change)), async (events) => {
        const registry = new Registry()
        const theirs = new Gauge({ name: 'a', help, labelNames: [...labelNames], registers: [registry] })
        const { metric, lines } = createGauge('a', labelNames)
        for (const [set, [verb, value]] of events) {
          if (verb === 'set') theirs.labels(set).set(value)
          else theirs.labels(set).inc(value)
          metric.with(set)[verb](value)
        }
        expect(toExposition([{ name: 'a', help, type: 'gauge', lines }])).toBe(await registry.metrics())
      }),
    )
  })

  test('of durations', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(labels, seconds)), async (events) => {
        const registry = new Registry()
        const theirs = new Histogram({
          name: 'a_seconds',
          help,
          labelNames: [...labelNames],
          buckets: SECONDS,
          registers: [registry],
        })
        const { metric, lines } = createDurations('a_seconds', labelNames)
        for (const [set, value] of events) {
          theirs.observe(set, value)
          metric.with(set).observe(value)
        }
        expect(toExposition([{ name: 'a_seconds', help, type: 'histogram', lines }])).toBe(
          await registry.metrics(),
        )
      }),
    )
  })

  test('without labels, before anything has happened and after', async () => {
    const registry = new Registry()
    const registers = [registry]
    const theirs = {
      counter: new Counter({ name: 'a_total', help, registers }),
      gauge: new Gauge({ name: 'b', help, registers }),
      durations: new Histogram({ name: 'c_seconds', help, buckets: SECONDS, registers }),
    }
    const ours = {
      counter: createCounter('a_total', []),
      gauge: createGauge('b', []),
      durations: createDurations('c_seconds', []),
    }
    const told = () =>
      toExposition([
        { name: 'a_total', help, type: 'counter', lines: ours.counter.lines },
        { name: 'b', help, type: 'gauge', lines: ours.gauge.lines },
        { name: 'c_seconds', help, type: 'histogram', lines: ours.durations.lines },
      ])
    expect(told()).toBe(await registry.metrics())
    theirs.counter.inc()
    theirs.gauge.set(-2.5)
    theirs.durations.observe(0.3)
    ours.counter.metric.with({}).inc()
    ours.gauge.metric.with({}).set(-2.5)
    ours.durations.metric.with({}).observe(0.3)
    expect(told()).toBe(await registry.metrics())
  })
})

describe('a figure', () => {
  const metrics = createMetrics()

  test('is one series for the same labels, in whatever order they are given', () => {
    const counter = metrics.counter('orders_total', 'Orders.', ['a', 'b'])
    expect(counter.with({ a: '1', b: '2' })).toBe(counter.with({ b: '2', a: '1' }))
    expect(counter.with({ a: '1', b: '2' })).not.toBe(counter.with({ a: '2', b: '1' }))
    expect(counter.with({ a: '1",b="2', b: '' })).not.toBe(counter.with({ a: '1', b: '2' }))
  })

  test.each([-1, NaN, Infinity])('is not spoilt by %d', (value) => {
    const name = `spoilt_${Math.abs(value)}`
    expect(() => metrics.counter(`${name}_total`, 'x').with({}).inc(value)).toThrow(RangeError)
    expect(() => metrics.durations(`${name}_seconds`, 'x').with({}).observe(value)).toThrow(RangeError)
    if (value !== -1) expect(() => metrics.gauge(name, 'x').with({}).set(value)).toThrow(RangeError)
  })

  test('has a name of its own', () => {
    metrics.gauge('taken', 'x')
    expect(() => metrics.counter('taken', 'x')).toThrow('There are two metrics named taken')
    expect(() => metrics.counter('process_cpu_seconds_total', 'x')).toThrow('There are two metrics named')
    expect(() => metrics.counter('two words', 'x')).toThrow('A metric cannot be named')
    expect(() => metrics.durations('bounded', 'x', ['le'])).toThrow('label cannot be named "le"')
  })
})
