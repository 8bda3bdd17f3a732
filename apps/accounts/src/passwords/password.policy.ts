import { COMMON_PASSWORDS } from './common-passwords.ts'

export const SHORTEST_PASSWORD = 10
export const LONGEST_PASSWORD = 128

/** Nothing longer is even normalised: NFKC can make one character eighteen. */
export const LONGEST_INPUT = 1_024

/** The same password typed on another keyboard must be the same bytes. */
export function normalisePassword(password: string): string {
  return password.normalize('NFKC')
}

/** Why somebody may not choose this password; null when they may. `known` is what an attacker would try first. */
export function passwordFault(password: string, known: { username: string; email: string }): string | null {
  const normal = normalisePassword(password)
  const { length } = [...normal]
  if (length < SHORTEST_PASSWORD || length > LONGEST_PASSWORD) {
    return `A password has ${SHORTEST_PASSWORD} to ${LONGEST_PASSWORD} characters.`
  }
  const lower = normal.toLowerCase()
  const [localPart = ''] = known.email.split('@')
  if ([known.username, known.email, localPart].some((name) => name.toLowerCase() === lower)) {
    return 'The password must not be the user name or the e-mail address.'
  }
  if (COMMON_PASSWORDS.has(lower) || new Set(lower).size < 4) {
    return 'This password is among the first that are guessed. Choose another one.'
  }
  return null
}
