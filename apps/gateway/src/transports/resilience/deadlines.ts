/** Something that somebody waits for until a moment. */
export interface Expiring {
  /** In milliseconds of the clock that is looked at. */
  readonly expiresAt: number
  expire(): void
}

export interface Deadlines {
  watch(item: Expiring): void
  forget(item: Expiring): void
}

/**
 * One timer for all that is waited for. It looks every `tickMs`, so a deadline is met up to that much too late, and
 * hardly anything is paid for the many calls that end in time.
 */
export function createDeadlines(now: () => number, tickMs = 25): Deadlines {
  const watched = new Set<Expiring>()
  let timer: NodeJS.Timeout | null = null

  const look = () => {
    timer = null
    const moment = now()
    for (const item of watched) {
      if (item.expiresAt > moment) continue
      watched.delete(item)
      item.expire()
    }
    // It runs out by itself once nothing is left, rather than being started and stopped by each call.
    if (watched.size > 0) start()
  }
  const start = () => {
    // What is waited for keeps the process alive where it must; the clock alone need not.
    timer = setTimeout(look, tickMs).unref()
  }
  return {
    watch(item) {
      watched.add(item)
      if (timer === null) start()
    },
    forget(item) {
      watched.delete(item)
    },
  }
}
