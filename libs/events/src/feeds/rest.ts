import type { Timers } from '../timers.ts'

/** Where a feed rests, and what ends that. */
export interface Rest {
  /** From here on a `wake` counts. */
  begin(): void
  /** Until woken, at once when that was since `begin`. */
  untilWokenOr(milliseconds: number): Promise<void>
  /** Whoever wakes is not heard: what failed is not to be hurried. */
  for(milliseconds: number): Promise<void>
  wake(): void
  /** Ends any rest, and the next one too. */
  end(): void
}

export function createRest(timers: Timers): Rest {
  let woken = false
  let ended = false
  let onWake: (() => void) | undefined
  let onEnd: (() => void) | undefined

  const rest = (milliseconds: number, listens: boolean) =>
    new Promise<void>((resolve) => {
      const rise = () => {
        cancel()
        onWake = onEnd = undefined
        resolve()
      }
      const cancel = timers.after(milliseconds, rise)
      onEnd = rise
      if (listens) onWake = rise
      if (ended || (listens && woken)) {
        ended = false
        rise()
      }
    })

  return {
    begin() {
      woken = false
    },
    untilWokenOr: (milliseconds) => rest(milliseconds, true),
    for: (milliseconds) => rest(milliseconds, false),
    wake() {
      woken = true
      onWake?.()
    },
    end() {
      if (onEnd === undefined) ended = true
      else onEnd()
    },
  }
}
