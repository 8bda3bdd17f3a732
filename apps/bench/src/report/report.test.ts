import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { replaceBetweenMarkers } from './between-markers.ts'
import { type Figures, type QueryResults, type RealResults, sectionOf } from './index.ts'
import { markdownTable } from './markdown-table.ts'
import { reportWorkload } from './query-report.ts'
import { reportReal } from './real-report.ts'
import { summarizeQuery, summarizeReal } from './summary.ts'

const figures = (cpuUs: number | null, changes: Partial<Figures> = {}): Figures => ({
  cpuUs,
  leastCpuUs: cpuUs,
  requestsPerSecond: 1_234.5,
  p50Ms: 1.234,
  p99Ms: 9.876,
  busyPercent: 98.7,
  callsPerRequest: 1,
  residentMb: 150.2,
  ...changes,
})

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
  versions: { autocannon: '9.0.0' },
  pinning: 'Nothing is pinned.',
}

const query: QueryResults = {
  ...measured,
  shape: 'stub',
  settings: { rounds: 5, seconds: 2, connections: 32, hot: false },
  workloads: {
    a: { plain: figures(400), hive: { fault: 'it says: no' }, mercurius: figures(100), ours: figures(50) },
  },
}

const real: RealResults = {
  ...measured,
  shape: 'real',
  settings: { rounds: 3, seconds: 2, connections: 32 },
  plain: { requestsPerSecond: 100, cpuUs: 9_000, at200: null },
  ours: { requestsPerSecond: 450, cpuUs: 2_000, at200: { p50Ms: 3, p95Ms: 7.25, p99Ms: 12 } },
  oursForgetful: { requestsPerSecond: 300, cpuUs: 3_000, at200: { p50Ms: 4, p95Ms: 9, p99Ms: 15 } },
}

describe('a table', () => {
  test('has its columns in line, figures to the right', () => {
    expect(markdownTable(['gateway', 'CPU'], [['plain', '400'], ['ours']])).toBe(
      ['| gateway | CPU |', '| ------- | --: |', '| plain   | 400 |', '| ours    |     |'].join('\n'),
    )
  })
})

describe('the report of a workload', () => {
  const rowOf = (report: string, title: string) =>
    report
      .split('\n')
      .find((line) => line.startsWith(`| ${title} `))
      ?.split('|')
      .map((cell) => cell.trim())
      .slice(2, 5)

  test('says first how many times less processor time a gateway takes than plain Apollo and the best peer', () => {
    const report = reportWorkload('a', query.workloads.a ?? {})
    expect(rowOf(report, 'ours')).toEqual(['8.00', '2.00', '50'])
    expect(rowOf(report, 'plain Apollo')).toEqual(['1.00', '0.25', '400'])
  })

  test('shows a gateway that fails, with its words', () => {
    const report = reportWorkload('a', query.workloads.a ?? {})
    expect(rowOf(report, 'Hive Gateway')?.[0]).toBe('fails')
    expect(report).toContain('Hive Gateway fails here: it says: no')
  })

  test('does not take ours, or what is no gateway, for a peer', () => {
    const report = reportWorkload('a', { plain: figures(400), ours: figures(50), raw: figures(10) })
    expect(rowOf(report, 'ours')).toEqual(['8.00', '8.00', '50'])
  })

  test('has no ratios where nobody can tell the processor time', () => {
    const report = reportWorkload('a', { plain: figures(null), ours: figures(null) })
    expect(rowOf(report, 'ours')).toEqual(['', '', ''])
    expect(report).toContain('1235')
  })
})

describe('the report of the platform', () => {
  test('says what of the schedule a system cannot keep up with', () => {
    const [, , plain, forgetful, ours] = reportReal(real).split('\n')
    expect(plain).toContain('too slow')
    expect(forgetful).toMatch(/3\.00 \| +3\.00 \| +300/)
    expect(ours).toMatch(/4\.50 \| +4\.50 \| +450 \| +2000 \| +3\.0 \| +7\.3 \| +12\.0/)
  })
})

describe('the line for programs', () => {
  test('has every gateway, with null for what was not measured', () => {
    expect(summarizeQuery(query)).toEqual({
      query: {
        a: {
          plainUs: 400,
          hiveUs: null,
          hiveNativeUs: null,
          mercuriusUs: 100,
          oursUs: 50,
          oursInProcessUs: null,
          rawUs: null,
        },
      },
    })
  })

  test('of the platform has the ratio and the delay on the schedule', () => {
    expect(summarizeReal(real)).toEqual({
      real: {
        plainRps: 100,
        oursRps: 450,
        oursForgetfulRps: 300,
        ratio: 4.5,
        ratioForgetful: 3,
        p95At200Ms: 7.25,
        p95At200ForgetfulMs: 9,
      },
    })
  })
})

describe('the README', () => {
  const bench = path.resolve(import.meta.dirname, '../..')

  test('gets a new section between its markers, and keeps the rest', () => {
    const before = 'top\n<!-- x: begin -->\n\nold\n\n<!-- x: end -->\nbottom\n'
    const after = replaceBetweenMarkers(before, 'x', 'new')
    expect(after).toBe('top\n<!-- x: begin -->\n\nnew\n\n<!-- x: end -->\nbottom\n')
    expect(replaceBetweenMarkers(after, 'x', 'old')).toBe(before)
  })

  test('without markers is left alone', () => {
    expect(() => replaceBetweenMarkers('top', 'x', 'new')).toThrow('lacks <!-- x: begin -->')
  })

  test('names date, machine and versions', () => {
    const section = sectionOf(query)
    expect(section).toContain('Measured 2026-11-20 on 2 × Test 3000, 23 GB')
    expect(section).toContain('autocannon 9.0.0')
  })

  test('shows the newest results of everything that was measured', () => {
    const readme = readFileSync(path.join(bench, 'README.md'), 'utf8')
    const files = readdirSync(path.join(bench, 'results'))
    expect(files).toEqual(expect.arrayContaining(['query-stub.json', 'query-real.json']))
    for (const file of files) {
      const results = JSON.parse(readFileSync(path.join(bench, 'results', file), 'utf8'))
      expect(readme).toContain(sectionOf(results))
    }
  })

  test.each(['query-stub', 'query-real', 'fanout', 'latency', 'resume', 'hold'])(
    'has a place for the results of %s',
    (name) => {
      const readme = readFileSync(path.join(bench, 'README.md'), 'utf8')
      expect(replaceBetweenMarkers(readme, name, 'new')).toContain(`<!-- ${name}: begin -->\n\nnew`)
    },
  )
})
