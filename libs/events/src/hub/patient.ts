import type { Logger } from '@courtside/logger'
import type { Timers } from '../timers.ts'

export interface PatientOptions {
  timers: Timers
  log: Logger
  /** Told of each failure. */
  onFailure(): void
}

/** Asks the database until it answers: whoever waits for the answer stays, so there is nothing to give up for. */
export interface Patient {
  ask<Answer>(question: () => Promise<Answer>, then: (answer: Answer) => void): void
  close(): void
}

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 2_000

export function createPatient({ timers, log, onFailure }: PatientOptions): Patient {
  const pauses = new Set<() => void>()
  let isClosed = false
  /** The log is told once per outage, not once per question. */
  let isTold = false

  const attempt = <Answer>(
    question: () => Promise<Answer>,
    then: (answer: Answer) => void,
    pauseMs: number,
  ) => {
    if (isClosed) return
    void ask(question).then((outcome) => {
      if (isClosed) return
      if ('answer' in outcome) {
        isTold = false
        return then(outcome.answer)
      }
      onFailure()
      if (!isTold) log.warn({ err: outcome.error }, 'A stream cannot be read from the log; trying again')
      isTold = true
      const cancel = timers.after(pauseMs, () => {
        pauses.delete(cancel)
        attempt(question, then, Math.min(pauseMs * 2, LONGEST_PAUSE_MS))
      })
      pauses.add(cancel)
    })
  }

  return {
    ask: (question, then) => attempt(question, then, FIRST_PAUSE_MS),
    close() {
      isClosed = true
      for (const cancel of pauses) cancel()
      pauses.clear()
    },
  }
}

async function ask<Answer>(
  question: () => Promise<Answer>,
): Promise<{ answer: Answer } | { error: unknown }> {
  try {
    return { answer: await question() }
  } catch (error) {
    return { error }
  }
}
