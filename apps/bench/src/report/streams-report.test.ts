import { describe, expect, test } from '@jest/globals'
import { reportSize } from './fanout-report.ts'
import {
  type FanoutFigures,
  type FanoutResults,
  type HoldResults,
  type LatencyResults,
  type ResumeResults,
  sectionOf,
} from './index.ts'
import { reportHold, reportLatency, reportResume } from './real-streams-report.ts'
import { summarizeFanout, summarizeHold, summarizeLatency, summarizeResume } from './streams-summary.ts'

const measured = {
  machine: {
    system: 'Linux 6.1 x64',
    processor: 'Test 3000',
    processors: 2,
    memoryGb: 23,
    node: 'v24.0.0',
    revision: 'abc1234',
  },
  date: '2026-11-20T12:00:00.000Z',
  versions: {},
  pinning: 'Nothing is pinned.',
}

const figures = (cpuUs: number | null, changes: Partial<FanoutFigures> = {}): FanoutFigures => ({
  cpuUs,
  leastCpuUs: cpuUs,
  p50Ms: 1,
  p95Ms: 2,
  p99Ms: 3.21,
  delivered: 100,
  undelivered: 0,
  residentMb: 150,
  ...changes,
})

const size = {
  fullRate: 20,
  peerRate: 1.25,
  outcomes: {
    naive: { fault: 'it says: no' },
    hive: { steady: null, burst: null, rate: 1.25, atPeerRate: figures(400, { undelivered: 7 }) },
    ours: { steady: figures(4.4), burst: figures(1), rate: 1.25, atPeerRate: figures(8) },
    raw: { steady: figures(4), burst: figures(5), rate: null, atPeerRate: null },
  },
}
const fanout: FanoutResults = {
  ...measured,
  shape: 'fanout',
  settings: { rounds: 5, seconds: 10 },
  identical: 100,
  upstreamsOfIdentical: { hive: 100, ours: 1 },
  sizes: { 1000: size },
}

const rowsOf = (report: string, title: string) =>
  report
    .split('\n')
    .filter((line) => line.startsWith(`| ${title} `))
    .map((line) =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .slice(2, -1),
    )

describe('the report of many clients', () => {
  const report = reportSize(1_000, size).join('\n\n')

  test('compares ours with a server that only sends, and what others keep up with by ours', () => {
    const [steady, burst, atPeerRate] = rowsOf(report, 'ours')
    expect(steady?.slice(0, 2)).toEqual(['1.10', '4.40'])
    expect(burst?.slice(0, 2)).toEqual(['0.20', '1.00'])
    expect(atPeerRate?.slice(0, 3)).toEqual(['1.25', '1.00', '8.00'])
    expect(rowsOf(report, 'Hive Gateway')).toEqual([
      ['1.25', '50.00', '400.00', '400.00', '1.0', '3.2', '7', '150'],
    ])
    expect(report).toContain('1,000 clients, 20 events a second')
  })

  test('shows whoever fails, with their words', () => {
    expect(report).toContain('Apollo, one plan for each client fails here: it says: no')
  })

  test('says how many subscriptions the subgraph has for clients that ask the same', () => {
    expect(sectionOf(fanout)).toContain('for 100 identical clients: Hive Gateway 100, ours 1.')
  })
})

test('the line for programs has every gateway, with null for what was not measured', () => {
  expect(summarizeFanout(fanout)).toEqual({
    fanout: {
      1000: {
        naiveUs: null,
        hiveUs: 400,
        hiveNativeUs: null,
        oursUs: 4.4,
        oursInProcessUs: null,
        rawUs: 4,
        burstOursUs: 1,
        burstOursInProcessUs: null,
        burstRawUs: 5,
        oursAtPeerRateUs: 8,
        peerRate: 1.25,
        oursP99Ms: 3.21,
        rawP99Ms: 3.21,
        burstOursP99Ms: 3.21,
        oursUndelivered: 0,
      },
      upstreamsOf100: { hive: 100, ours: 1 },
    },
  })
})

describe('the report of latencies', () => {
  const latencies = {
    p50Ms: 2,
    p95Ms: 5,
    p99Ms: 9.06,
    worstMs: 20,
    delivered: 10,
    undelivered: 1,
    slowestMs: 8,
  }
  const results: LatencyResults = {
    ...measured,
    shape: 'latency',
    settings: { seconds: 30, clients: 1_000, games: 20, factsPerSecond: 50 },
    postgres: { ours: latencies, raw: { ...latencies, p99Ms: 4 } },
    redis: null,
  }

  test('says plainly what could not be measured', () => {
    const report = reportLatency(results)
    expect(rowsOf(report, 'ours, hints over Postgres')).toEqual([['2.0', '5.0', '9.1', '20.0', '1']])
    expect(report).toContain('Redis is not installed')
    expect(reportLatency({ ...results, redis: results.postgres })).not.toContain('not installed')
  })

  test('is a line for programs too', () => {
    expect(summarizeLatency(results)).toEqual({
      latency: { postgres: { p50: 2, p95: 5, p99: 9.06, rawP99: 4, undelivered: 1 }, redis: null },
    })
  })
})

test('the report of those who come back has a row for each spread', () => {
  const row = {
    games: 1,
    seconds: 12.34,
    delivered: 1_000,
    undelivered: 0,
    lost: 0,
    behind: 0,
    complaint: null,
    factsPerSecond: 81.04,
    factsRead: 2_000,
    residentMb: 400.4,
  }
  const results: ResumeResults = {
    ...measured,
    shape: 'resume',
    settings: { clients: 10_000, facts: 2_000 },
    rows: [row, { ...row, games: 50 }],
  }
  const report = reportResume(results)
  expect(rowsOf(report, 'one game')).toEqual([['12.3', '81', '1000', '0', '0', '2000', '400']])
  expect(rowsOf(report, '50 games')).toHaveLength(1)
  expect(summarizeResume(results).resume).toMatchObject({
    clients: 10_000,
    seconds: 12.34,
    factsPerSecond: 81.04,
  })
})

test('the report of what is held shows the most, and how it grows', () => {
  const results: HoldResults = {
    ...measured,
    shape: 'hold',
    settings: {
      subscriptions: 20_000,
      sockets: 19_700,
      games: 50,
      eventsPerSecond: 5,
      churnPerMinute: 0.05,
      minutes: 3,
    },
    idleMb: 120,
    heldMb: 400,
    minutesMb: [410, 405, 402],
    slopeMbPerHour: -12.4,
  }
  const report = reportHold(results)
  expect(rowsOf(report, 'the most in 3 minutes')).toEqual([['410']])
  expect(rowsOf(report, 'growth an hour, over the second half')).toEqual([['-12']])
  expect(report).toContain('20,000 subscriptions over 19,700 connections')
  expect(summarizeHold(results).hold).toMatchObject({ heldMb: 400, mostMb: 410, slopeMbPerHour: -12.4 })
})
