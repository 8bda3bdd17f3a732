import type { Clock } from '@courtside/kernel'
import { lockName } from '../advisory-lock.ts'
import type { Tx } from '../db.ts'
import { accountRepository } from '../users/index.ts'
import type { ExternalClaims, Identity } from './identity.ts'
import { identityRepository } from './identity.repository.ts'
import { suggestedUsername } from './suggested-username.policy.ts'

export interface ExternalPeople {
  /** The account of somebody another issuer vouches for. Made at first sight. */
  identityOf(tx: Tx, claims: ExternalClaims): Promise<Identity>
}

/**
 * Never an account that is there already, even with the same address: an issuer could say any address, and so hand
 * anybody's account to anybody.
 */
export function createExternalPeople({ clock }: { clock: Clock }): ExternalPeople {
  const addPerson = async (tx: Tx, { name, email, avatarUrl }: ExternalClaims): Promise<string> => {
    for (let attempt = 0; ; attempt++) {
      const username = suggestedUsername(name, attempt, Math.random)
      const person = { username, email, displayName: name, avatarUrl, createdAt: clock.now() }
      const userId = await accountRepository.addIfFree(tx, person)
      if (userId !== null) return userId
    }
  }

  return {
    async identityOf(tx, claims) {
      const { issuer, subject } = claims
      const known = await identityRepository.findBySubject(tx, issuer, subject)
      if (known) return known
      // An app opens with several requests at once: the first makes the account, the others find it.
      await lockName(tx, `identity ${issuer} ${subject}`)
      const made = await identityRepository.findBySubject(tx, issuer, subject)
      if (made) return made
      const userId = await addPerson(tx, claims)
      await identityRepository.add(tx, { userId, issuer, subject, now: clock.now() })
      const identity = await identityRepository.findBySubject(tx, issuer, subject)
      if (!identity) throw new Error(`The identity of user ${userId} vanished while it was made`)
      return identity
    },
  }
}
