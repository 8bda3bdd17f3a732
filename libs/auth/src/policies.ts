import { assertNever } from '@courtside/kernel'
import type { Principal } from './principal.ts'

/** The names that `@policy` may use: facts about the caller that are no scope, because nobody can be granted them. */
export const POLICIES = ['person'] as const
export type Policy = (typeof POLICIES)[number]

export function meetsPolicy(principal: Principal, policy: Policy): boolean {
  switch (policy) {
    case 'person':
      // Signed in as oneself. A partner's key or a service never manages somebody's personal data.
      return principal.kind === 'user' && principal.userId !== null
    default:
      return assertNever(policy)
  }
}

export function isPolicy(text: string): text is Policy {
  return (POLICIES as readonly string[]).includes(text)
}
