import type { Logger } from '@courtside/logger'

export interface Repeated {
  /** No further run begins, the one under way is told to stop and waited for. */
  stop(): Promise<void>
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/**
 * Runs a job a minute or two after the start and then every hour, give or take six minutes: processes that were
 * started together do not come together.
 */
export function repeatHourly(
  job: (signal: AbortSignal) => Promise<unknown>,
  { log, random = Math.random }: { log: Logger; random?: () => number },
): Repeated {
  const stopping = new AbortController()
  let running: Promise<unknown> = Promise.resolve()
  let timer: NodeJS.Timeout

  const runAfter = (milliseconds: number) => {
    timer = setTimeout(() => {
      running = job(stopping.signal)
        .catch((error: unknown) =>
          log.error({ err: error }, 'Cleaning up failed; it is tried again in an hour'),
        )
        .finally(() => {
          if (!stopping.signal.aborted) runAfter(HOUR_MS * (0.9 + 0.2 * random()))
        })
    }, milliseconds)
    // Never the reason for which a process stays.
    timer.unref()
  }
  runAfter(MINUTE_MS * (1 + random()))

  return {
    async stop() {
      stopping.abort()
      clearTimeout(timer)
      await running
    },
  }
}
