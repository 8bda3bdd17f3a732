import { StartupError } from '@courtside/kernel'
import type { Logger } from '@courtside/logger'

/** Something that has started and can be drained. */
export interface Running {
  /** Refuses new work, finishes what was accepted, releases everything. Called once. */
  stop(): Promise<void>
  /** How long `stop` may take to finish what was accepted. Default: 15 s. */
  readonly drainMs?: number
}

type Phase =
  { name: 'starting'; stopRequested: boolean } | { name: 'running'; running: Running } | { name: 'draining' }

const DRAIN_MS = 15_000
/** For releasing what was held: pools, the last spans, a database of its own. */
const RELEASE_MS = 10_000

/** What has not stopped by then is ended with exit code 1, so that a deploy never hangs on it. */
export const stopLimitMs = ({ drainMs = DRAIN_MS }: Pick<Running, 'drainMs'>) => drainMs + RELEASE_MS

/**
 * The life of a process: start, wait for SIGTERM or SIGINT, drain, exit 0. A start that fails for a reason an
 * operator can mend prints that one sentence and exits 1; whatever had started by then is `start`'s to release.
 */
export function runProcess(log: Logger, start: () => Promise<Running>): void {
  let phase: Phase = { name: 'starting', stopRequested: false }

  const drain = (running: Running) => {
    phase = { name: 'draining' }
    const limitMs = stopLimitMs(running)
    setTimeout(() => {
      log.error({ seconds: limitMs / 1000 }, 'Draining took too long; giving up on the rest')
      process.exit(1)
    }, limitMs).unref()
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'Draining failed')
        process.exit(1)
      },
    )
  }

  const onSignal = (signal: NodeJS.Signals) => {
    log.debug({ signal, phase: phase.name }, 'Signal received')
    if (phase.name === 'starting') phase.stopRequested = true
    else if (phase.name === 'running') drain(phase.running)
    // While draining, a second signal changes nothing: the drain limit ends it.
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)

  start().then(
    (running) => {
      const stopRequested = phase.name === 'starting' && phase.stopRequested
      phase = { name: 'running', running }
      if (stopRequested) drain(running)
    },
    (error: unknown) => {
      const said =
        error instanceof StartupError ? error.message : error instanceof Error ? error.stack : String(error)
      process.stderr.write(`\n${said}\n`, () => process.exit(1))
    },
  )
}
