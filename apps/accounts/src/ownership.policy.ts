import type { Principal } from '@courtside/auth'

/**
 * The first wall around personal data: may this caller touch what belongs to `ownerId`? Every service asks it after
 * reading a row and before answering or changing anything. Row-level security is the second wall; the tests take
 * this one away to see that the other holds.
 */
export type OwnershipPolicy = (principal: Principal, ownerId: string) => boolean

export const ownOnly: OwnershipPolicy = (principal, ownerId) =>
  principal.kind === 'user' && principal.userId === ownerId
