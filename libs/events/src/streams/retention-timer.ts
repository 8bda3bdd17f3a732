import type { Logger } from '@courtside/logger'
import type { RetentionPolicy, StreamLog } from '../log/index.ts'
import type { Timers } from '../timers.ts'

export interface RetentionTimer {
  /** Facts removed so far. */
  readonly removed: number
  /** What has been begun is given up between two removals. */
  stop(): Promise<void>
}

export interface RetentionTimerOptions {
  log: Pick<StreamLog, 'retain'>
  policies: readonly RetentionPolicy[]
  timers: Timers
  logger: Logger
}

const EVERY_MS = 60 * 60 * 1000

/**
 * Removes what is no longer kept, once an hour. Every process does: what one has removed, the others do not find. The
 * first time is any moment of the first hour, so that processes started together do not all begin at once.
 */
export function createRetentionTimer(options: RetentionTimerOptions): RetentionTimer {
  const { log, policies, timers, logger } = options
  const stopping = new AbortController()
  let removed = 0
  let running = Promise.resolve()

  const retain = async () => {
    for (const policy of policies) {
      if (stopping.signal.aborted) return
      try {
        const facts = await log.retain(policy, stopping.signal)
        removed += facts
        if (facts > 0) logger.info({ facts, kind: policy.kind }, 'Facts that are no longer kept were removed')
      } catch (error) {
        if (stopping.signal.aborted) return
        logger.warn({ err: error, kind: policy.kind }, 'Old facts could not be removed; in an hour again')
      }
    }
  }
  const schedule = (milliseconds: number) =>
    timers.after(milliseconds, () => {
      running = retain().finally(() => {
        if (!stopping.signal.aborted) cancel = schedule(EVERY_MS)
      })
    })
  let cancel = schedule(Math.random() * EVERY_MS)

  return {
    get removed() {
      return removed
    },
    async stop() {
      stopping.abort()
      cancel()
      await running
    },
  }
}
