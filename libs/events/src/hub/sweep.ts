import type { Timers } from '../timers.ts'

export interface SweepOptions {
  timers: Timers
  isBusUp(): boolean
  run(): void
}

/** Looks at the log from time to time, so that a hint that never came costs no more than that time. */
export interface Sweep {
  /** The bus is up or down since now. */
  busChanged(): void
  stop(): void
}

const EVERY_MS = 1_000
const EVERY_MS_WITHOUT_BUS = 250

export function createSweep({ timers, isBusUp, run }: SweepOptions): Sweep {
  let cancel = () => {}
  const schedule = () => {
    cancel = timers.after(isBusUp() ? EVERY_MS : EVERY_MS_WITHOUT_BUS, () => {
      run()
      schedule()
    })
  }
  schedule()
  return {
    busChanged() {
      cancel()
      schedule()
    },
    stop: () => cancel(),
  }
}
