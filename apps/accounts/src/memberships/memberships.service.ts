import { hasScope } from '@courtside/auth'
import { recordAudit, systemActor } from '@courtside/database'
import { type Connection, isUuid, type PageArguments, toConnection, toPageRequest } from '@courtside/kernel'
import { parseInput, text, uuid } from '@courtside/validation'
import * as z from 'zod'
import { holdAccountsInUse } from '../account-in-use.repository.ts'
import { assertScope, auditOf, type Caller, personOf } from '../caller.ts'
import { readDatabaseClock } from '../database-clock.ts'
import type { Database } from '../db.ts'
import type { OwnershipPolicy } from '../ownership.policy.ts'
import { userNotFound } from '../users/index.ts'
import type { Entitlement, Membership, MembershipList, NewMembership } from './membership.ts'
import {
  cannotSubscribeToOneself,
  expiryMustLieAhead,
  idempotencyKeyReused,
  membershipNotFound,
} from './memberships.errors.ts'
import { endToRecord, isSameGrant, levelsOpenTo, TIERS } from './memberships.policy.ts'
import { MEMBERSHIP_SORT_KEY, membershipRepository as memberships } from './memberships.repository.ts'

export type MembershipPage = Connection<Membership> & { totalCount(): Promise<number> }

export interface Granted {
  membership: Membership
  replaced: Membership | null
}

export type MembershipsService = ReturnType<typeof createMembershipsService>

const grantInput = z.object({
  subscriberId: uuid(),
  creatorId: uuid(),
  tier: z.enum(TIERS),
  expiresAt: z.date().nullish().default(null),
  idempotencyKey: text(1, 100).nullish().default(null),
})

const endInput = z.object({ id: uuid() })

const SCOPE = 'manage:memberships'

export function createMembershipsService({ db, ownership }: { db: Database; ownership: OwnershipPolicy }) {
  /** With the scope everybody's memberships, otherwise those on either side of which one stands. */
  const actorFor = (caller: Caller) =>
    hasScope(caller.principal, SCOPE) ? systemActor : { userId: personOf(caller) }

  const mayEnd = ({ principal }: Caller, { subscriberId }: Membership) =>
    hasScope(principal, SCOPE) || ownership(principal, subscriberId)

  const maySee = (caller: Caller, membership: Membership) =>
    mayEnd(caller, membership) || ownership(caller.principal, membership.creatorId)

  return {
    /** Each of those that the caller may see. */
    async findAll(caller: Caller, ids: readonly string[]): Promise<ReadonlyMap<string, Membership>> {
      const found = await db.as(actorFor(caller), async (tx) =>
        memberships.findAll(tx, ids.filter(isUuid), await readDatabaseClock(tx)),
      )
      return new Map(found.filter((row) => maySee(caller, row)).map((row) => [row.id, row]))
    },

    async list(caller: Caller, list: MembershipList, args: PageArguments): Promise<MembershipPage> {
      const page = toPageRequest(args, MEMBERSHIP_SORT_KEY)
      if (!ownership(caller.principal, list.ownerId)) throw userNotFound()
      const actor = { userId: personOf(caller) }
      const rows = await db.as(actor, async (tx) =>
        memberships.page(tx, list, await readDatabaseClock(tx), page),
      )
      return {
        ...toConnection(
          rows,
          page,
          ({ startedAt, id }) => [startedAt.toISOString(), id],
          (row) => row,
        ),
        totalCount: () =>
          db.as(actor, async (tx) => memberships.count(tx, list, await readDatabaseClock(tx))),
      }
    },

    /**
     * ACC-09: what `subscriberId` may see of each of these creators, by the creator's id. There is none for an account
     * that nobody uses.
     */
    async entitlements(
      caller: Caller,
      subscriberId: string,
      creatorIds: readonly string[],
    ): Promise<ReadonlyMap<string, Entitlement>> {
      if (!ownership(caller.principal, subscriberId)) throw userNotFound()
      return db.as({ userId: personOf(caller) }, async (tx) => {
        const now = await readDatabaseClock(tx)
        const creators = await memberships.activeAmong(tx, creatorIds)
        const found = await memberships.findNotEndedAmong(tx, subscriberId, creators, now)
        const active = new Map(found.filter(({ isActive }) => isActive).map((row) => [row.creatorId, row]))
        return new Map(creators.map((id) => [id, toEntitlement(id, active.get(id) ?? null)]))
      })
    },

    /** An upgrade ends what was active and starts anew, in one step: at no moment there are two, or none. */
    async grant(caller: Caller, input: unknown): Promise<Granted> {
      assertScope(caller, SCOPE)
      const wanted: NewMembership = parseInput(grantInput, input)
      const { subscriberId, creatorId, idempotencyKey } = wanted
      if (subscriberId === creatorId) throw cannotSubscribeToOneself()
      return db.as(systemActor, async (tx) => {
        await memberships.lockPair(tx, subscriberId, creatorId)
        const now = await readDatabaseClock(tx)
        const before =
          idempotencyKey === null ? null : await memberships.findByIdempotencyKey(tx, idempotencyKey, now)
        if (before) return { membership: sameGrant(before, wanted), replaced: null }

        if (wanted.expiresAt !== null && wanted.expiresAt <= now) throw expiryMustLieAhead()
        if (!(await holdAccountsInUse(tx, [subscriberId, creatorId]))) throw userNotFound()
        const standing = await memberships.findNotEnded(tx, subscriberId, creatorId, now)
        // Without a key, this is how a second attempt is told from a second grant.
        if (idempotencyKey === null && standing?.isActive && isSameGrant(standing, wanted)) {
          return { membership: standing, replaced: null }
        }
        if (standing) await memberships.end(tx, standing.id, endToRecord(standing.expiresAt, now))
        const membership = await memberships.start(tx, wanted, now)
        const replaced = standing?.isActive ? { ...standing, isActive: false, endedAt: now } : null
        await recordAudit(tx, {
          ...auditOf(caller),
          action: 'memberships.grant',
          entityType: 'Membership',
          entityId: membership.id,
          before: replaced,
          after: membership,
        })
        return { membership, replaced }
      })
    },

    async end(caller: Caller, input: unknown): Promise<Membership> {
      const { id } = parseInput(endInput, input)
      return db.as(actorFor(caller), async (tx) => {
        const [seen] = await memberships.findAll(tx, [id], await readDatabaseClock(tx))
        if (!seen || !mayEnd(caller, seen)) throw membershipNotFound()
        await memberships.lockPair(tx, seen.subscriberId, seen.creatorId)
        const now = await readDatabaseClock(tx)
        const [before] = await memberships.findAll(tx, [id], now)
        if (!before?.isActive) return before ?? seen
        await memberships.end(tx, id, now)
        const ended = { ...before, isActive: false, endedAt: now }
        await recordAudit(tx, {
          ...auditOf(caller),
          action: 'memberships.end',
          entityType: 'Membership',
          entityId: id,
          before,
          after: ended,
        })
        return ended
      })
    },
  }
}

function toEntitlement(creatorId: string, active: Membership | null): Entitlement {
  const tier = active?.tier ?? null
  return { creatorId, levels: levelsOpenTo(tier), tier, expiresAt: active?.expiresAt ?? null }
}

/** The same key must mean the same grant: answered with another one, the caller would believe it was done. */
function sameGrant(before: Membership, wanted: NewMembership): Membership {
  const samePair = before.subscriberId === wanted.subscriberId && before.creatorId === wanted.creatorId
  if (!samePair || !isSameGrant(before, wanted)) throw idempotencyKeyReused()
  return before
}
