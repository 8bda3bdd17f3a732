import type { Failure, Step } from './step.ts'

/** Two cores are what everybody has. */
const AT_ONCE = 2

export interface StepFailure extends Failure {
  step: string
}

/**
 * Runs all steps, the later ones too when an earlier one fails, so that one run shows every fault. `print` gets a line
 * for each step as it ends. The failures come in the order of the steps.
 */
export async function runSteps(
  steps: readonly Step[],
  files: readonly string[],
  print: (line: string) => void,
): Promise<StepFailure[]> {
  const results = new Map<Step, Failure[]>()
  const waiting = [...steps]
  const lane = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const start = performance.now()
      const failures = await runStep(step, files)
      const seconds = ((performance.now() - start) / 1000).toFixed(1)
      print(`${failures.length > 0 ? '✗' : '✓'} ${step.name.padEnd(12)} ${seconds.padStart(5)} s`)
      results.set(step, failures)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  return steps.flatMap((step) =>
    (results.get(step) ?? []).map((failure) => ({ step: step.name, ...failure })),
  )
}

/** A step that breaks is a failure of its own, and does not keep the others from telling theirs. */
async function runStep(step: Step, files: readonly string[]): Promise<Failure[]> {
  try {
    return await step.run(files)
  } catch (error) {
    const output = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return [{ output, mend: 'the check itself broke; look where the stack above begins' }]
  }
}
