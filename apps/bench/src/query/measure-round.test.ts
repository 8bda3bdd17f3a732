import { describe, expect, test } from '@jest/globals'
import { costOf, type Round, toFigures } from './measure-round.ts'

const round = (changes: Partial<Round>): Round => ({
  cpuUs: 50,
  busyPercent: 90,
  requestsPerSecond: 500,
  p50Ms: 1,
  p99Ms: 4,
  callsPerRequest: 1,
  residentMb: 100,
  ...changes,
})

describe('the figures of some rounds', () => {
  test('are medians, with the least processor time and the last memory', () => {
    const figures = toFigures([
      round({ cpuUs: 70, p99Ms: 9, residentMb: 90 }),
      round({ cpuUs: 40, p99Ms: 3, residentMb: 120 }),
      round({ cpuUs: 50, p99Ms: 5, residentMb: 110 }),
    ])
    expect(figures).toMatchObject({ cpuUs: 50, leastCpuUs: 40, p99Ms: 5, residentMb: 110 })
  })

  test('have no processor time where nothing tells it', () => {
    const unknown = round({ cpuUs: null, busyPercent: null, residentMb: null })
    expect(toFigures([unknown])).toMatchObject({
      cpuUs: null,
      leastCpuUs: null,
      busyPercent: null,
      residentMb: null,
      requestsPerSecond: 500,
    })
  })
})

test('the cost of a round is its processor time, or time itself where nothing tells that', () => {
  expect(costOf(round({ cpuUs: 50 }))).toBe(50)
  expect(costOf(round({ cpuUs: null, requestsPerSecond: 500 }))).toBe(0.002)
})
