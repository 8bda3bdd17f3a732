import { scopesOf } from '@courtside/auth'
import { systemActor } from '@courtside/database'
import { type Clock, DomainError, isUuid } from '@courtside/kernel'
import { httpUrl, text } from '@courtside/validation'
import {
  apiKeyRepository,
  hashOfSecret,
  isAddressAllowed,
  isKeyInForce,
  isRightSecret,
  parseKey,
} from '../api-keys/index.ts'
import { assertScope, type Caller } from '../caller.ts'
import type { Database } from '../db.ts'
import { externalSessionRepository, isAlive, isTouchDue, sessionRepository } from '../sessions/index.ts'
import { accountEmail, rolesOf } from '../users/index.ts'
import type { ExternalPeople } from './external-people.ts'
import { identityRepository } from './identity.repository.ts'
import type { ExternalClaims, ResolvedPrincipal } from './identity.ts'
import { type PersonFacts, principalRepository } from './principal.repository.ts'
import type { Touches } from './touches.ts'

export interface SessionCredential {
  userId: string
  sessionId: string
}

export interface ExternalCredential {
  issuer: string
  subject: string
  sessionId?: string | null
  email?: string | null
  name?: string | null
  avatarUrl?: string | null
}

export interface ApiKeyCredential {
  key: string
  clientAddress?: string | null
}

export interface Credentials {
  session?: SessionCredential | null
  external?: ExternalCredential | null
  apiKey?: ApiKeyCredential | null
}

export interface ResolutionDependencies {
  db: Database
  clock: Clock
  people: ExternalPeople
  touches: Touches
}

export interface ResolutionService {
  /** Who holds the credential; null when it is not, or no longer, valid. */
  resolve(caller: Caller, credentials: Credentials): Promise<ResolvedPrincipal | null>
}

/** For the gateway, before anybody is known: everything runs as the system. */
export function createResolutionService({
  db,
  clock,
  people,
  touches,
}: ResolutionDependencies): ResolutionService {
  const bySession = async ({ userId, sessionId }: SessionCredential): Promise<ResolvedPrincipal | null> => {
    if (!isUuid(userId) || !isUuid(sessionId)) return null
    const now = clock.now()
    const facts = await db.as(systemActor, (tx) => principalRepository.bySession(tx, sessionId, userId, now))
    if (!facts || !isAlive(facts, now)) return null
    if (isTouchDue(facts.lastAccessedAt, now))
      touches.add((tx) => sessionRepository.touch(tx, sessionId, now))
    return toPerson(facts, userId, sessionId)
  }

  const byIssuer = async (given: ExternalCredential): Promise<ResolvedPrincipal | null> => {
    const claims = toClaims(given)
    const sessionId = given.sessionId ?? null
    if (claims === null || (sessionId !== null && !fits(sessionId, 255))) return null
    const now = clock.now()
    const found = await db.as(systemActor, async (tx) => {
      const { issuer } = claims
      if (sessionId !== null && (await externalSessionRepository.isRevoked(tx, issuer, sessionId)))
        return null
      const identity = await people.identityOf(tx, claims)
      return { identity, facts: await principalRepository.byUser(tx, identity.userId, now) }
    })
    if (!found?.facts) return null
    const { identity, facts } = found
    if (isTouchDue(identity.lastSeenAt, now))
      touches.add((tx) => identityRepository.touch(tx, identity.id, now))
    return toPerson(facts, identity.userId, sessionId)
  }

  const byApiKey = async ({
    key: presented,
    clientAddress = null,
  }: ApiKeyCredential): Promise<ResolvedPrincipal | null> => {
    const parsed = parseKey(presented)
    if (!parsed) return null
    const now = clock.now()
    const found = await db.as(systemActor, (tx) => apiKeyRepository.findWithSecrets(tx, parsed.id))
    if (!found?.isOwnerUsable || !isRightSecret(hashOfSecret(parsed.secret), found.secrets, now)) return null
    const { key } = found
    if (!isKeyInForce(key, now) || !isAddressAllowed(key.allowedAddresses, clientAddress)) return null
    if (isTouchDue(key.lastUsedAt ?? NEVER, now)) touches.add((tx) => apiKeyRepository.touch(tx, key.id, now))
    const { scopes, requestsPerMinute, costPerMinute, allowedOperations } = key
    const allowed = { scopes, requestsPerMinute, costPerMinute, allowedOperations }
    return { ...nobody, kind: 'partner', apiKeyId: key.id, roles: ['partner'], ...allowed }
  }

  return {
    async resolve(caller, { session, external, apiKey }) {
      assertScope(caller, 'resolve:identity')
      if ([session, external, apiKey].filter((given) => given != null).length !== 1) throw notExactlyOne()
      if (session) return bySession(session)
      if (external) return byIssuer(external)
      return apiKey ? byApiKey(apiKey) : null
    },
  }
}

const NEVER = new Date(0)
const nobody = {
  userId: null,
  sessionId: null,
  apiKeyId: null,
  requestsPerMinute: null,
  costPerMinute: null,
  allowedOperations: null,
} as const

function toPerson(facts: PersonFacts, userId: string, sessionId: string | null): ResolvedPrincipal | null {
  if (!facts.isUsable) return null
  const roles = rolesOf(facts.grantedRoles, facts.hasMembership)
  return { ...nobody, kind: 'user', userId, sessionId, roles, scopes: scopesOf(roles) }
}

/** Issuer and subject say who it is and must be as they are; what else an issuer says is taken only where it fits. */
function toClaims({ issuer, subject, email, name, avatarUrl }: ExternalCredential): ExternalClaims | null {
  if (!fits(issuer, 500) || !fits(subject, 255)) return null
  return {
    issuer,
    subject,
    email: accountEmail().safeParse(email).data ?? null,
    name: text(1, 100).safeParse(name).data ?? null,
    avatarUrl: httpUrl().safeParse(avatarUrl).data ?? null,
  }
}

function fits(value: string, most: number): boolean {
  return value.length > 0 && value.length <= most && !/[\p{Cc}\p{Cs}]/u.test(value)
}

const notExactlyOne = () =>
  new DomainError({
    kind: 'invalid',
    code: 'BAD_USER_INPUT',
    message: 'Give exactly one of session, external and apiKey.',
  })
