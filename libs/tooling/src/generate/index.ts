import { StartupError } from '@courtside/kernel'
import { type Output, refresh, staleAmong } from './freshness.ts'
import { type OutputKind, outputsOf } from './outputs.ts'
import { privateFile } from '../workspace.ts'

export type { OutputKind }

/** What is generated and not up to date. Reads files only. */
export function staleOutputs(kinds: readonly OutputKind[]): string[] {
  return staleAmong(outputsOf(kinds)).map(({ name }) => name)
}

/**
 * Generates what is stale; without anything to do it takes some milliseconds and loads no generator. `report` gets a
 * line for each thing generated. Several processes may call it at once.
 */
export async function ensureGenerated(
  kinds: readonly OutputKind[],
  report: (line: string) => void = () => {},
): Promise<void> {
  if (staleAmong(outputsOf(kinds)).length === 0) return
  const { withProcessLock } = await import('../bootstrap/process-lock.mjs')
  await withProcessLock(privateFile('generate.lock'), 'generating code', async () => {
    const stale = staleAmong(outputsOf(kinds))
    // All of them, though one may fail: whoever mends it wants to know of the others too.
    const results = await Promise.allSettled(stale.map((output) => generate(output, report)))
    throwFailures(
      results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : [])),
    )
  })
}

async function generate(output: Output, report: (line: string) => void): Promise<void> {
  const start = performance.now()
  await refresh(output)
  report(`Generated the ${output.name} (${((performance.now() - start) / 1000).toFixed(1)} s)`)
}

function throwFailures(failures: unknown[]): void {
  if (failures.length === 0) return
  const expected = failures.filter((failure) => failure instanceof StartupError)
  if (expected.length < failures.length) throw new AggregateError(failures, 'Code could not be generated')
  throw new StartupError(expected.map(({ message }) => message).join('\n\n'))
}
