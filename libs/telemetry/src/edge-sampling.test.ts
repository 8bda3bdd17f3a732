import { describe, expect, test } from '@jest/globals'
import { createEdgeSampling } from './edge-sampling.ts'

const parent = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true }

/** Mulberry32: the same numbers in every run. */
function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function openSampling(rate: number, forcedPerSecond: number) {
  let now = new Date('2026-11-20T12:00:00Z')
  const isSampled = createEdgeSampling({
    rate,
    forcedPerSecond,
    clock: { now: () => now },
    random: seededRandom(7),
  })
  const sampledOf = (requests: number, given: typeof parent | null) =>
    Array.from({ length: requests }, () => isSampled(given)).filter(Boolean).length
  const aSecondLater = () => (now = new Date(now.getTime() + 1_000))
  return { aSecondLater, sampledOf }
}

describe('sampling at the edge', () => {
  test.each([0.01, 0.25, 0.5])('takes about its part of the requests: %d', (rate) => {
    const requests = 100_000
    const taken = openSampling(rate, 5).sampledOf(requests, null)
    // Five standard deviations, which a fair choice leaves once in two million runs; the numbers are always the same.
    const tolerance = 5 * Math.sqrt(requests * rate * (1 - rate))
    expect(Math.abs(taken - requests * rate)).toBeLessThan(tolerance)
  })

  test('takes none or all when told so', () => {
    expect(openSampling(0, 5).sampledOf(1_000, null)).toBe(0)
    expect(openSampling(1, 5).sampledOf(1_000, null)).toBe(1_000)
  })

  test('follows a client that traces, as often as a second allows', () => {
    const { aSecondLater, sampledOf } = openSampling(0, 5)
    expect(sampledOf(4, parent)).toBe(4)
    expect(sampledOf(1_000, parent)).toBe(1)
    aSecondLater()
    expect(sampledOf(1_000, parent)).toBe(5)
  })

  test('samples a client that asks too often like anybody', () => {
    const { sampledOf } = openSampling(0.25, 5)
    const taken = sampledOf(10_000, parent) - 5
    expect(taken).toBeGreaterThan(2_200)
    expect(taken).toBeLessThan(2_800)
  })

  test('follows a client that has chosen not to trace', () => {
    expect(openSampling(1, 5).sampledOf(100, { ...parent, sampled: false })).toBe(0)
  })
})
