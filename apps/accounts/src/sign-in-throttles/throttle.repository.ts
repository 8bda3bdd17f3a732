import type { Tx } from '../db.ts'

export interface Counting {
  key: Uint8Array
  now: Date
  /** What failed before this counts no more. */
  forgottenBefore: Date
  /** The seconds of lock after 1, 2, 3… failures. */
  schedule: readonly number[]
}

export interface CountingInWindow {
  key: Uint8Array
  now: Date
  most: number
  windowSeconds: number
}

/** Counts of failures. Every decision is one statement, so parallel attempts cannot slip past one another. */
export const throttleRepository = {
  /** Counts an attempt as failed before it is made. When the key is locked: until when, and nothing is counted. */
  async count(tx: Tx, { key, now, forgottenBefore, schedule }: Counting): Promise<Date | null> {
    const counted = await tx.$executeRaw`
      INSERT INTO sign_in_throttles AS throttle (key, failures, last_failure_at)
      VALUES (${key}, 1, ${now}::timestamptz)
      ON CONFLICT (key) DO UPDATE SET (failures, last_failure_at, locked_until) = (
        SELECT next.failures, ${now}::timestamptz, ${now}::timestamptz + make_interval(secs => next.lock)
        FROM (SELECT ${[...schedule]}::int[] AS seconds) AS locks,
          LATERAL (SELECT CASE
            WHEN throttle.last_failure_at < ${forgottenBefore}::timestamptz THEN 1
            ELSE least(throttle.failures + 1, cardinality(locks.seconds))
          END AS failures) AS counted,
          LATERAL (SELECT counted.failures, nullif(locks.seconds[counted.failures], 0) AS lock) AS next
      )
      WHERE throttle.locked_until IS NULL OR throttle.locked_until <= ${now}::timestamptz`
    if (counted > 0) return null
    const row = await tx.signInThrottle.findUnique({ where: { key: bytes(key) } })
    // Somebody may have got in between the two statements and cleared it: then coming again at once is right.
    return row?.lockedUntil ?? now
  },

  /** Takes one attempt back, and with it the lock it had set. */
  async takeBack(tx: Tx, key: Uint8Array, schedule: readonly number[]): Promise<void> {
    await tx.$executeRaw`
      UPDATE sign_in_throttles
      SET
        failures = greatest(failures - 1, 0),
        locked_until = CASE WHEN coalesce((${[...schedule]}::int[])[failures - 1], 0) > 0 THEN locked_until END
      WHERE key = ${key}`
  },

  /**
   * Counts up to `most` in a window that begins with the first. When there were so many: until when, and nothing is
   * counted. `locked_until` is the end of the window here.
   */
  async countInWindow(tx: Tx, { key, now, most, windowSeconds }: CountingInWindow): Promise<Date | null> {
    const counted = await tx.$executeRaw`
      INSERT INTO sign_in_throttles AS throttle (key, failures, last_failure_at, locked_until)
      VALUES (${key}, 1, ${now}::timestamptz, ${now}::timestamptz + make_interval(secs => ${windowSeconds}::int))
      ON CONFLICT (key) DO UPDATE SET
        failures = CASE WHEN throttle.locked_until <= ${now}::timestamptz THEN 1 ELSE throttle.failures + 1 END,
        last_failure_at = excluded.last_failure_at,
        locked_until = CASE
          WHEN throttle.locked_until <= ${now}::timestamptz THEN excluded.locked_until
          ELSE throttle.locked_until
        END
      WHERE throttle.locked_until <= ${now}::timestamptz OR throttle.failures < ${most}::int`
    if (counted > 0) return null
    const row = await tx.signInThrottle.findUnique({ where: { key: bytes(key) } })
    return row?.lockedUntil ?? now
  },

  async takeBackFromWindow(tx: Tx, key: Uint8Array): Promise<void> {
    await tx.$executeRaw`
      UPDATE sign_in_throttles SET failures = greatest(failures - 1, 0) WHERE key = ${key}`
  },

  async forgive(tx: Tx, key: Uint8Array): Promise<void> {
    await tx.signInThrottle.deleteMany({ where: { key: bytes(key) } })
  },
}

/** Prisma takes only an array over memory of its own. */
const bytes = (key: Uint8Array) => Uint8Array.from(key)
