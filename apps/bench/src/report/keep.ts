import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { reportFanout } from './fanout-report.ts'
import { replaceBetweenMarkers } from './between-markers.ts'
import { reportQuery } from './query-report.ts'
import { reportReal } from './real-report.ts'
import { reportHold, reportLatency, reportResume } from './real-streams-report.ts'
import type {
  FanoutResults,
  HoldResults,
  LatencyResults,
  QueryResults,
  RealResults,
  ResumeResults,
} from './results.ts'

type Results = QueryResults | RealResults | FanoutResults | LatencyResults | ResumeResults | HoldResults

const bench = path.resolve(import.meta.dirname, '../..')
const README = path.join(bench, 'README.md')

/** Of its file and of its place in the README. */
const NAMES = {
  stub: 'query-stub',
  real: 'query-real',
  fanout: 'fanout',
  latency: 'latency',
  resume: 'resume',
  hold: 'hold',
} as const

/** Keeps the results in place of the last ones, which the repository remembers, and shows them in the README. */
export function keepResults(results: Results): string {
  const name = NAMES[results.shape]
  const file = path.join(bench, 'results', `${name}.json`)
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`)
  writeFileSync(README, replaceBetweenMarkers(readFileSync(README, 'utf8'), name, sectionOf(results)))
  return path.relative(process.cwd(), file)
}

/** What the README says of results. */
export function sectionOf(results: Results): string {
  const { machine } = results
  const versions = Object.entries(results.versions).map(([name, version]) => `${name} ${version}`)
  const measured = [
    `Measured ${results.date.slice(0, 10)} on ${machine.processors} × ${machine.processor}, ${machine.memoryGb} GB, ${machine.system}, Node ${machine.node}, revision ${machine.revision ?? 'unknown'}.`,
    results.pinning,
    ...howOften(results),
    ...(versions.length > 0 ? [`${versions.join(', ')}.`] : []),
  ].join(' ')
  return `${measured}\n\n${tablesOf(results)}`
}

/** What is measured in rounds. */
function howOften(results: Results): string[] {
  const medians = (rounds: number, seconds: number) => `medians of ${rounds} rounds of ${seconds} s.`
  switch (results.shape) {
    case 'stub':
    case 'real':
      return [
        `${results.settings.connections} connections, ${medians(results.settings.rounds, results.settings.seconds)}`,
      ]
    case 'fanout':
      return [`All figures are ${medians(results.settings.rounds, results.settings.seconds)}`]
    case 'latency':
      return [`${results.settings.seconds} s each.`]
    case 'resume':
    case 'hold':
      return []
  }
}

function tablesOf(results: Results): string {
  switch (results.shape) {
    case 'stub':
      return reportQuery(results)
    case 'real':
      return reportReal(results)
    case 'fanout':
      return reportFanout(results)
    case 'latency':
      return reportLatency(results)
    case 'resume':
      return reportResume(results)
    case 'hold':
      return reportHold(results)
  }
}
