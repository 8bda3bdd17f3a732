import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { reportFanout } from './fanout-report.ts'
import { replaceBetweenMarkers } from './between-markers.ts'
import { reportQuery } from './query-report.ts'
import { reportReal } from './real-report.ts'
import type { FanoutResults, QueryResults, RealResults } from './results.ts'

type Results = QueryResults | RealResults | FanoutResults

const bench = path.resolve(import.meta.dirname, '../..')
const README = path.join(bench, 'README.md')

/** Of its file and of its place in the README. */
const NAMES = { stub: 'query-stub', real: 'query-real', fanout: 'fanout' } as const

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
  const { machine, versions } = results
  const measured = [
    `Measured ${results.date.slice(0, 10)} on ${machine.processors} × ${machine.processor}, ${machine.memoryGb} GB, ${machine.system}, Node ${machine.node}, revision ${machine.revision ?? 'unknown'}.`,
    results.pinning,
    howMeasured(results),
    `${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}.`,
  ].join(' ')
  return `${measured}\n\n${tablesOf(results)}`
}

function howMeasured(results: Results): string {
  const { rounds, seconds } = results.settings
  const medians = `medians of ${rounds} rounds of ${seconds} s.`
  if (results.shape === 'fanout') return `All figures are ${medians}`
  return `${results.settings.connections} connections, ${medians}`
}

function tablesOf(results: Results): string {
  if (results.shape === 'fanout') return reportFanout(results)
  return results.shape === 'stub' ? reportQuery(results) : reportReal(results)
}
