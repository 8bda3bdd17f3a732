import type { Timers } from '../connections/index.ts'

const STEP_MS = 20
/** So few at once disturb nobody. */
const AT_LEAST = 50

/** Visits all items within about this time, some in each step, so that thousands do not hold up everything else. */
export function spread<Item>(
  items: readonly Item[],
  withinMs: number,
  timers: Pick<Timers, 'after'>,
  visit: (item: Item) => void,
): void {
  const each = Math.max(AT_LEAST, Math.ceil((items.length * STEP_MS) / Math.max(withinMs, STEP_MS)))
  const step = (from: number) => {
    for (const item of items.slice(from, from + each)) visit(item)
    const next = from + each
    if (next < items.length) timers.after(STEP_MS, () => step(next))
  }
  step(0)
}
