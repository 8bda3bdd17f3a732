import { isMainThread } from 'node:worker_threads'

/**
 * Loaded before a process of the platform (`node --import`): its wall clock can be told to go wrong while it runs, by a
 * message of its parent. What it measures with `performance.now` and timers does not change, as on a machine whose
 * clock is set. Threads of the process keep the right time.
 */
export interface ClockOrder {
  /** From the right time, in milliseconds. */
  shiftClockMs: number
}

export type ClockReport = 'clock shifted'

let shiftMs = 0
const RealDate = Date
const realNow = Date.now

/** A proxy, not a subclass: every date, also one that Node made, is still an instance of `Date`. */
const MovableDate = new Proxy(RealDate, {
  construct: (target, args: unknown[], newTarget) =>
    Reflect.construct(target, args.length === 0 ? [Date.now()] : args, newTarget) as Date,
  apply: () => new MovableDate().toString(),
})
RealDate.now = () => realNow() + shiftMs
RealDate.prototype.constructor = MovableDate
globalThis.Date = MovableDate

if (isMainThread && process.channel) {
  process.on('message', (order: ClockOrder) => {
    shiftMs = order.shiftClockMs
    process.send?.('clock shifted' satisfies ClockReport)
  })
  // Whoever started it is gone, and nobody else would end it.
  process.once('disconnect', () => process.exit(1))
  // To be told the time is no reason to go on living.
  process.channel.unref()
}
