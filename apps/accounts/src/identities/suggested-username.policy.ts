import { usernameFault } from '../users/index.ts'

const LONGEST_BASE = 40
/** For people without a name that could be used. An address is no source: part of it would be public. */
const FALLBACK = 'fan'

/** What a new person might be called, the nicest first. `random` gives digits that make a taken name free. */
export function* suggestedUsernames(name: string | null, random: () => number): Generator<string> {
  const base = toUsername(name ?? '')
  if (usernameFault(base) === null) yield base
  for (let digits = 4; ; digits++) {
    const suggestion = `${base === '' ? FALLBACK : base}-${numberOf(digits, random)}`
    yield usernameFault(suggestion) === null ? suggestion : `${FALLBACK}-${numberOf(digits, random)}`
  }
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

function numberOf(digits: number, random: () => number): string {
  return String(Math.floor(random() * 10 ** digits)).padStart(digits, '0')
}
