import { usernameFault } from '../users/index.ts'

const LONGEST_BASE = 40
/** For people without a name that could be used. An address is no source: part of it would be public. */
const FALLBACK = 'fan'

/** What a new person might be called. Each further `attempt` has more random digits, so that one of them is free. */
export function suggestedUsername(name: string | null, attempt: number, random: () => number): string {
  const base = toUsername(name ?? '')
  const number = attempt === 0 ? '' : `-${digits(attempt + 3, random)}`
  const suggestion = base + number
  return usernameFault(suggestion) === null ? suggestion : `${FALLBACK}-${digits(attempt + 4, random)}`
}

/** `Zoë van Dyk` becomes `zoe.van.dyk`. */
function toUsername(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '.')
    .slice(0, LONGEST_BASE)
    .replace(/^\.+|\.+$/g, '')
}

function digits(count: number, random: () => number): string {
  return String(Math.floor(random() * 10 ** count)).padStart(count, '0')
}
