import type { Clock } from '@courtside/kernel'

export interface CircuitOptions {
  clock: Clock
  /** So many failures in a row open it. Default: 3. */
  failures?: number
  /** How long it stays open at first; each trial that fails doubles it. Default: 1 s. */
  firstPauseMs?: number
  /** Default: 30 s. */
  longestPauseMs?: number
  onChange(state: 'closed' | 'open', cause: unknown): void
}

/** Spares everybody the wait for what has just failed several times. */
export interface Circuit {
  /** False while nothing should be tried. After each pause one trial is let through. */
  mayTry(): boolean
  succeeded(): void
  failed(cause: unknown): void
}

export function createCircuit(options: CircuitOptions): Circuit {
  const { clock, failures = 3, firstPauseMs = 1_000, longestPauseMs = 30_000, onChange } = options
  let inARow = 0
  let state: 'closed' | 'open' | 'on trial' = 'closed'
  let pauseMs = firstPauseMs
  let tryAgainAt = 0

  const pause = () => {
    state = 'open'
    tryAgainAt = clock.now().getTime() + pauseMs
  }

  return {
    mayTry() {
      if (state === 'closed') return true
      if (state === 'on trial' || clock.now().getTime() < tryAgainAt) return false
      state = 'on trial'
      return true
    },
    succeeded() {
      inARow = 0
      if (state === 'closed') return
      state = 'closed'
      pauseMs = firstPauseMs
      onChange('closed', null)
    },
    failed(cause) {
      // What was on its way when the circuit opened says nothing new.
      if (state === 'open') return
      if (state === 'on trial') {
        pauseMs = Math.min(pauseMs * 2, longestPauseMs)
        return pause()
      }
      inARow += 1
      if (inARow < failures) return
      pause()
      onChange('open', cause)
    },
  }
}
