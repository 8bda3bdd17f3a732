import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { replaceBetweenMarkers } from './between-markers.ts'
import { reportQuery } from './query-report.ts'
import { reportReal } from './real-report.ts'
import type { QueryResults, RealResults } from './results.ts'

const bench = path.resolve(import.meta.dirname, '../..')
const README = path.join(bench, 'README.md')

/** Keeps the results in place of the last ones, which the repository remembers, and shows them in the README. */
export function keepResults(results: QueryResults | RealResults): string {
  const name = `query-${results.shape}`
  const file = path.join(bench, 'results', `${name}.json`)
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`)
  writeFileSync(README, replaceBetweenMarkers(readFileSync(README, 'utf8'), name, sectionOf(results)))
  return path.relative(process.cwd(), file)
}

/** What the README says of results. */
export function sectionOf(results: QueryResults | RealResults): string {
  const { machine, settings, versions } = results
  const measured = [
    `Measured ${results.date.slice(0, 10)} on ${machine.processors} × ${machine.processor}, ${machine.memoryGb} GB, ${machine.system}, Node ${machine.node}, revision ${machine.revision ?? 'unknown'}.`,
    results.pinning,
    `${settings.connections} connections, medians of ${settings.rounds} rounds of ${settings.seconds} s.`,
    `${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}.`,
  ].join(' ')
  const tables = results.shape === 'stub' ? reportQuery(results) : reportReal(results)
  return `${measured}\n\n${tables}`
}
