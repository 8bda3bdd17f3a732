import { isIPv4, isIPv6 } from 'node:net'

/** How many failures cost nothing: an account belongs to one person, an address may stand for a whole school. */
export const FREE_FAILURES = { account: 5, address: 50 } as const

/** How many accounts one network may make: a class signs up in one lesson, a flood of accounts does not. */
export const SIGN_UPS = { most: 20, windowSeconds: 60 * 60 } as const

const LONGEST_LOCK_SECONDS = 15 * 60
export const FORGOTTEN_AFTER_MS = 24 * 60 * 60 * 1000

/** How long nothing is tried after this many failures: 1 s after the first that is not free, then twice as long each. */
export function lockSeconds(failures: number, free: number): number {
  if (failures <= free) return 0
  return Math.min(2 ** (failures - free - 1), LONGEST_LOCK_SECONDS)
}

/** The locks for 1, 2, 3… failures up to the first of the longest; further failures do not lengthen them. */
export function lockSchedule(free: number): readonly number[] {
  const schedule: number[] = []
  for (let failures = 1; schedule.at(-1) !== LONGEST_LOCK_SECONDS; failures++) {
    schedule.push(lockSeconds(failures, free))
  }
  return schedule
}

/** What counts as one address. Whoever has one IPv6 address has the 2^64 beside it as well. */
export function throttledAddress(address: string): string | null {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  if (isIPv4(plain)) return plain
  if (!isIPv6(plain)) return null
  const bare = plain.replace(/%.*$/, '')
  const groupsIn = (text: string) => text.split(':').filter((group) => group !== '')
  const full = bare.replace('::', `:${'0:'.repeat(8 - groupsIn(bare).length)}`)
  const network = groupsIn(full).slice(0, 4)
  return `${network.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`
}
