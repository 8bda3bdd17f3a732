/** Requests at fixed moments, whether those before them have been answered or not, as from many people. */
export interface Schedule {
  perSecond: number
  seconds: number
  /** Sends the request of this number; resolves when it has been answered in full. */
  send(index: number): Promise<void>
  /** Default: the clock of this machine, in milliseconds. */
  now?(): number
  /** Default: timers of this machine. */
  waitUntil?(moment: number): Promise<void>
}

/**
 * How long after the moment at which each request was due its answer came. A request that had to wait for its turn is
 * counted with its waiting: measured from when it was sent, a system that stalls would hide its own delay.
 */
export async function sendOnSchedule(schedule: Schedule): Promise<number[]> {
  const { perSecond, seconds, send, now = () => performance.now() } = schedule
  const waitUntil = schedule.waitUntil ?? ((moment) => pause(moment - now()))
  const begun = now()
  const answered: Promise<number>[] = []
  for (let index = 0; index < perSecond * seconds; index++) {
    const due = begun + (index * 1000) / perSecond
    if (due > now()) await waitUntil(due)
    const one = send(index).then(() => now() - due)
    // Until the last one is sent nobody listens; then the first failure is the failure of all.
    one.catch(() => undefined)
    answered.push(one)
  }
  return Promise.all(answered)
}

const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, Math.max(0, milliseconds)))
