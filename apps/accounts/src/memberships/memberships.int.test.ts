import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { principals, statementsDuring } from '@courtside/testing'
import { type AccountsHarness, openAccounts, type Person } from '../testing/open-accounts.ts'

let accounts: AccountsHarness
beforeAll(async () => {
  accounts = await openAccounts()
})
afterAll(() => accounts.close())

const GRANT = `mutation ($input: GrantMembershipInput!) {
  grantMembership(input: $input) {
    membership { id tier isActive startedAt expiresAt endedAt subscriber { id } creator { id } }
    replaced { id tier isActive endedAt }
  }
}`
const END = `mutation ($id: ID!) {
  endMembership(input: { id: $id }) { membership { id tier isActive endedAt } }
}`
const MEMBERSHIPS = `query ($state: MembershipState = ACTIVE, $first: Int, $after: String) {
  me {
    memberships(state: $state, first: $first, after: $after) {
      edges { node { id tier isActive endedAt creator { id } } } pageInfo { hasNextPage endCursor } totalCount
    }
  }
}`
const MEMBERS = `query ($state: MembershipState = ACTIVE) {
  me { members(state: $state) { edges { node { id tier subscriber { username } } } totalCount } }
}`
const ENTITLEMENT = `query ($creatorId: ID!) {
  me { entitlement(creatorId: $creatorId) { creator { id } levels tier expiresAt } }
}`
const MEMBERSHIP_ENTITY = `query ($id: ID!) {
  _entities(representations: [{ __typename: "Membership", id: $id }]) { ... on Membership { id tier } }
}`

interface Membership {
  id: string
  tier: string
  isActive: boolean
  endedAt: string | null
}
interface Granted {
  grantMembership: { membership: Membership & { expiresAt: string | null }; replaced: Membership | null }
}
interface MembershipList {
  edges: { node: Membership }[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
  totalCount: number
}

const billing = () => accounts.as(principals.service('billing', 'manage:memberships'))
const grant = async (input: object, as = billing()) =>
  (await as.ok<Granted>(GRANT, { input })).grantMembership
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString()
const listOf = async (person: Person, variables: object = {}) =>
  (await person.ok<{ me: { memberships: MembershipList } }>(MEMBERSHIPS, variables)).me.memberships
const entitlementOf = async (person: Person, creatorId: string) =>
  (await person.ok<{ me: { entitlement: object | null } }>(ENTITLEMENT, { creatorId })).me.entitlement
const activeRows = (subscriber: Person, creator: Person) =>
  accounts.sql<{ subscription_type: string }>(
    'SELECT * FROM subscriptions WHERE subscriber_id = $1 AND creator_id = $2 AND is_active',
    [subscriber.id, creator.id],
  )
const runOut = (membershipId: string) =>
  accounts.sql(
    `UPDATE subscriptions SET created_at = now() - interval '2 days', expires_at = now() - interval '1 day'
     WHERE id = $1`,
    [membershipId],
  )

describe('ACC-08: granting a membership', () => {
  test('both sides see it', async () => {
    const [fan, creator] = await accounts.people('fan', 'creator')
    const expiresAt = inAnHour()
    const { membership, replaced } = await grant({
      subscriberId: fan.id,
      creatorId: creator.id,
      tier: 'BASIC',
      expiresAt,
    })
    expect(membership).toEqual({
      id: expect.any(String),
      tier: 'BASIC',
      isActive: true,
      startedAt: expect.any(String),
      expiresAt,
      endedAt: null,
      subscriber: { id: fan.id },
      creator: { id: creator.id },
    })
    expect(replaced).toBeNull()
    expect((await listOf(fan)).edges.map(({ node }) => node.id)).toEqual([membership.id])
    expect(await creator.ok(MEMBERS)).toEqual({
      me: {
        members: {
          edges: [{ node: { id: membership.id, tier: 'BASIC', subscriber: { username: fan.username } } }],
          totalCount: 1,
        },
      },
    })
  })

  test('an upgrade ends the old one and keeps it as history', async () => {
    const [fan, creator] = await accounts.people('fan', 'creator')
    const pair = { subscriberId: fan.id, creatorId: creator.id }
    const basic = await grant({ ...pair, tier: 'BASIC' })
    const pro = await grant({ ...pair, tier: 'PRO' })
    expect(pro.replaced).toEqual({
      id: basic.membership.id,
      tier: 'BASIC',
      isActive: false,
      endedAt: expect.any(String),
    })
    expect((await listOf(fan)).edges.map(({ node }) => node.tier)).toEqual(['PRO'])
    expect(await listOf(fan, { state: 'ENDED' })).toMatchObject({
      edges: [{ node: { id: basic.membership.id, isActive: false, endedAt: pro.replaced?.endedAt } }],
      totalCount: 1,
    })
    expect((await listOf(fan, { state: null })).edges.map(({ node }) => node.tier)).toEqual(['PRO', 'BASIC'])
  })

  test('asking for what is there already changes nothing', async () => {
    const [fan, creator] = await accounts.people('fan', 'creator')
    const input = { subscriberId: fan.id, creatorId: creator.id, tier: 'PREMIUM', expiresAt: inAnHour() }
    const first = await grant(input)
    expect(await grant(input)).toEqual(first)
    expect((await listOf(fan, { state: null })).totalCount).toBe(1)
  })

  test('many at once leave exactly one active, whatever their tiers', async () => {
    const [fan, creator] = await accounts.people('fan', 'creator')
    const tiers = ['BASIC', 'PREMIUM', 'PRO', 'BASIC', 'PRO', 'PREMIUM', 'BASIC', 'PRO']
    await Promise.all(
      tiers.map((tier) =>
        grant({ subscriberId: fan.id, creatorId: creator.id, tier, expiresAt: inAnHour() }),
      ),
    )
    expect(await activeRows(fan, creator)).toHaveLength(1)
    const { edges } = await listOf(fan, { state: null })
    const [newest, ...history] = edges.map(({ node }) => node)
    expect(newest?.isActive).toBe(true)
    expect(history.every(({ endedAt }) => endedAt !== null)).toBe(true)
  })

  test('one that ran out is not replaced, and ended when it ran out', async () => {
    const [fan, creator] = await accounts.people('fan', 'creator')
    const pair = { subscriberId: fan.id, creatorId: creator.id, tier: 'BASIC' }
    const old = await grant(pair)
    await runOut(old.membership.id)
    const [before] = (await listOf(fan, { state: 'ENDED' })).edges
    expect((await grant(pair)).replaced).toBeNull()
    const [after] = (await listOf(fan, { state: 'ENDED' })).edges
    expect(after).toEqual(before)
  })

  test('is written down with who did it', async () => {
    const [fan, creator] = await accounts.people('fan', 'creator')
    const { membership } = await grant({ subscriberId: fan.id, creatorId: creator.id, tier: 'PRO' })
    const entries = await accounts.sql('SELECT * FROM audit_log WHERE entity_id = $1', [membership.id])
    expect(entries).toMatchObject([
      {
        action: 'memberships.grant',
        entity_type: 'Membership',
        actor_kind: 'service',
        actor_service: 'billing',
        before: null,
        after: { subscriberId: fan.id, tier: 'PRO' },
      },
    ])
  })

  test('takes the scope', async () => {
    const [fan, creator] = await accounts.people('fan', 'creator')
    const input = { subscriberId: fan.id, creatorId: creator.id, tier: 'PRO' }
    expect((await fan.refusal(GRANT, { input })).code).toBe('FORBIDDEN')
    expect((await creator.refusal(GRANT, { input })).code).toBe('FORBIDDEN')
    expect((await accounts.as(principals.anonymous).refusal(GRANT, { input })).code).toBe('UNAUTHENTICATED')
    expect(await activeRows(fan, creator)).toEqual([])
  })

  test('refuses oneself, the unknown, those who left, the past and nonsense', async () => {
    const [fan, creator, gone] = await accounts.people('fan', 'creator', 'gone')
    await accounts.sql('UPDATE users SET is_active = false WHERE id = $1', [gone.id])
    const good = { subscriberId: fan.id, creatorId: creator.id, tier: 'BASIC' }
    const codeFor = async (changes: object) =>
      (await billing().refusal(GRANT, { input: { ...good, ...changes } })).code
    expect(await codeFor({ creatorId: fan.id.toUpperCase() })).toBe('ACCOUNTS_CANNOT_SUBSCRIBE_TO_ONESELF')
    expect(await codeFor({ creatorId: randomUUID() })).toBe('ACCOUNTS_USER_NOT_FOUND')
    expect(await codeFor({ creatorId: gone.id })).toBe('ACCOUNTS_USER_NOT_FOUND')
    expect(await codeFor({ subscriberId: gone.id })).toBe('ACCOUNTS_USER_NOT_FOUND')
    expect(await codeFor({ subscriberId: 'x' })).toBe('BAD_USER_INPUT')
    expect(await codeFor({ expiresAt: new Date(Date.now() - 1_000).toISOString() })).toBe('BAD_USER_INPUT')
    expect(await codeFor({ expiresAt: '2026-11-20' })).toBe('BAD_USER_INPUT')
    expect(await codeFor({ tier: 'GOLD' })).toBe('BAD_USER_INPUT')
    expect(await codeFor({ idempotencyKey: '' })).toBe('BAD_USER_INPUT')
    const tooLong = await billing().refusal(GRANT, { input: { ...good, idempotencyKey: 'k'.repeat(101) } })
    expect(tooLong).toMatchObject({
      code: 'BAD_USER_INPUT',
      extensions: { faults: [{ path: ['idempotencyKey'], message: 'must have 1 to 100 characters' }] },
    })
    expect(await activeRows(fan, creator)).toEqual([])
  })
})

describe('ACC-08: granting under an idempotency key', () => {
  test('is done once, also when it is sent at the same moment', async () => {
    const [fan, creator] = await accounts.people('fan', 'creator')
    const input = {
      subscriberId: fan.id,
      creatorId: creator.id,
      tier: 'PRO',
      idempotencyKey: `invoice-${randomUUID()}`,
    }
    const answers = await Promise.all(Array.from({ length: 6 }, () => grant(input)))
    expect(new Set(answers.map(({ membership }) => membership.id)).size).toBe(1)
    expect((await listOf(fan, { state: null })).totalCount).toBe(1)
  })

  test('does not bring back what was ended meanwhile', async () => {
    const [fan, creator] = await accounts.people('fan', 'creator')
    const input = { subscriberId: fan.id, creatorId: creator.id, tier: 'PRO', idempotencyKey: randomUUID() }
    const { membership } = await grant(input)
    await fan.ok(END, { id: membership.id })
    expect((await grant(input)).membership).toMatchObject({ id: membership.id, isActive: false })
    expect(await activeRows(fan, creator)).toEqual([])
  })

  test('a new key is a new grant, though the same was granted before', async () => {
    const [fan, creator] = await accounts.people('fan', 'creator')
    const input = { subscriberId: fan.id, creatorId: creator.id, tier: 'PRO' }
    const first = await grant({ ...input, idempotencyKey: randomUUID() })
    const second = await grant({ ...input, idempotencyKey: randomUUID() })
    expect(second.replaced?.id).toBe(first.membership.id)
  })

  test('the same key for something else is refused', async () => {
    const [fan, creator, other] = await accounts.people('fan', 'creator', 'other')
    const input = { subscriberId: fan.id, creatorId: creator.id, tier: 'PRO', idempotencyKey: randomUUID() }
    await grant(input)
    for (const changes of [{ tier: 'BASIC' }, { creatorId: other.id }, { expiresAt: inAnHour() }]) {
      const refused = await billing().refusal(GRANT, { input: { ...input, ...changes } })
      expect(refused.code).toBe('ACCOUNTS_IDEMPOTENCY_KEY_REUSED')
    }
  })

  test('of two pairs at the same moment, one gets the key', async () => {
    const [creator, ...fans] = await accounts.people('creator', 'ann', 'bob', 'cleo')
    const idempotencyKey = randomUUID()
    const answers = await Promise.all(
      fans.map(({ id }) =>
        billing().run<Granted>(GRANT, {
          input: { subscriberId: id, creatorId: creator.id, tier: 'PRO', idempotencyKey },
        }),
      ),
    )
    const codes = answers.flatMap(({ errors }) => errors.map(({ code }) => code))
    expect(codes).toEqual(['ACCOUNTS_IDEMPOTENCY_KEY_REUSED', 'ACCOUNTS_IDEMPOTENCY_KEY_REUSED'])
  })
})

describe('ACC-08: ending a membership', () => {
  test('the subscriber ends it, once, and stays in the history', async () => {
    const [fan, creator] = await accounts.people('fan', 'creator')
    const { membership } = await grant({ subscriberId: fan.id, creatorId: creator.id, tier: 'BASIC' })
    const ended = await fan.ok(END, { id: membership.id })
    expect(ended).toEqual({
      endMembership: {
        membership: { id: membership.id, tier: 'BASIC', isActive: false, endedAt: expect.any(String) },
      },
    })
    expect(await fan.ok(END, { id: membership.id })).toEqual(ended)
    expect((await listOf(fan)).totalCount).toBe(0)
    expect((await listOf(fan, { state: 'ENDED' })).totalCount).toBe(1)
    expect(await creator.ok(MEMBERS)).toMatchObject({ me: { members: { totalCount: 0 } } })
    expect(
      await accounts.sql(
        `SELECT actor_user_id FROM audit_log WHERE entity_id = $1 AND action = 'memberships.end'`,
        [membership.id],
      ),
    ).toEqual([{ actor_user_id: fan.id }])
  })

  test('the scope ends anybody’s', async () => {
    const [fan, creator] = await accounts.people('fan', 'creator')
    const { membership } = await grant({ subscriberId: fan.id, creatorId: creator.id, tier: 'BASIC' })
    await billing().ok(END, { id: membership.id })
    expect(await activeRows(fan, creator)).toEqual([])
  })

  test('nobody else does: not the creator, not a stranger, not a key', async () => {
    const [fan, creator, stranger] = await accounts.people('fan', 'creator', 'stranger')
    const { membership } = await grant({ subscriberId: fan.id, creatorId: creator.id, tier: 'BASIC' })
    const unknown = await stranger.refusal(END, { id: randomUUID() })
    expect(unknown.code).toBe('ACCOUNTS_MEMBERSHIP_NOT_FOUND')
    for (const person of [creator, stranger]) {
      expect(await person.refusal(END, { id: membership.id })).toEqual(unknown)
    }
    const key = accounts.as(principals.partner('write:games'))
    expect((await key.refusal(END, { id: membership.id })).code).toBe('UNAUTHENTICATED')
    expect(await activeRows(fan, creator)).toHaveLength(1)
  })

  test('what is no id is refused', async () => {
    const fan = await accounts.person('fan')
    expect((await fan.refusal(END, { id: 'x' })).code).toBe('BAD_USER_INPUT')
  })
})

describe('ACC-08: memberships elsewhere in the graph', () => {
  test('resolve for both sides and for the scope, and for nobody else', async () => {
    const [fan, creator, stranger] = await accounts.people('fan', 'creator', 'stranger')
    const { membership } = await grant({ subscriberId: fan.id, creatorId: creator.id, tier: 'PRO' })
    const seen = { _entities: [{ id: membership.id, tier: 'PRO' }] }
    for (const client of [fan, creator, billing()]) {
      expect(await client.ok(MEMBERSHIP_ENTITY, { id: membership.id })).toEqual(seen)
    }
    expect(await stranger.ok(MEMBERSHIP_ENTITY, { id: membership.id })).toEqual({ _entities: [null] })
    expect(await stranger.ok(MEMBERSHIP_ENTITY, { id: 'x' })).toEqual({ _entities: [null] })
  })

  test('page newest first', async () => {
    const [fan, ...creators] = await accounts.people('fan', 'a', 'b', 'c', 'd', 'e')
    for (const creator of creators) {
      await grant({ subscriberId: fan.id, creatorId: creator.id, tier: 'BASIC' })
    }
    const first = await listOf(fan, { first: 3 })
    const second = await listOf(fan, { first: 3, after: first.pageInfo.endCursor })
    const names = [...first.edges, ...second.edges].map(({ node }) => node)
    expect(names).toMatchObject([...creators].reverse().map(({ id }) => ({ creator: { id } })))
    expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false])
    expect(first.totalCount).toBe(5)
  })
})

describe('ACC-09: what a membership opens', () => {
  test('each tier opens its levels, and none opens what is free', async () => {
    const [fan, creator] = await accounts.people('fan', 'creator')
    expect(await entitlementOf(fan, creator.id)).toEqual({
      creator: { id: creator.id },
      levels: ['FREE'],
      tier: null,
      expiresAt: null,
    })
    const pair = { subscriberId: fan.id, creatorId: creator.id }
    await grant({ ...pair, tier: 'BASIC' })
    expect(await entitlementOf(fan, creator.id)).toMatchObject({ levels: ['FREE', 'SUBSCRIBER_ONLY'] })
    const expiresAt = inAnHour()
    for (const tier of ['PREMIUM', 'PRO']) {
      await grant({ ...pair, tier, expiresAt })
      expect(await entitlementOf(fan, creator.id)).toEqual({
        creator: { id: creator.id },
        levels: ['FREE', 'SUBSCRIBER_ONLY', 'PREMIUM'],
        tier,
        expiresAt,
      })
    }
    // It opens one creator for one fan.
    expect(await entitlementOf(creator, fan.id)).toMatchObject({ levels: ['FREE'] })
  })

  test('an ended membership and one that ran out open nothing', async () => {
    const [fan, ended, expired] = await accounts.people('fan', 'ended', 'expired')
    for (const creator of [ended, expired]) {
      const { membership } = await grant({ subscriberId: fan.id, creatorId: creator.id, tier: 'PRO' })
      if (creator === ended) await fan.ok(END, { id: membership.id })
      else await runOut(membership.id)
      expect(await entitlementOf(fan, creator.id)).toMatchObject({
        levels: ['FREE'],
        tier: null,
        expiresAt: null,
      })
    }
  })

  test('there is none for a creator whom nobody knows, or who has left', async () => {
    const [fan, gone] = await accounts.people('fan', 'gone')
    await accounts.sql('UPDATE users SET is_active = false WHERE id = $1', [gone.id])
    for (const creatorId of [randomUUID(), gone.id]) {
      expect(await entitlementOf(fan, creatorId)).toBeNull()
    }
  })

  test('takes as many statements for fifty creators as for one', async () => {
    const fan = await accounts.person('fan')
    const creators = await accounts.people(...Array<string>(50).fill('creator'))
    await grant({ subscriberId: fan.id, creatorId: creators[7]?.id, tier: 'PRO' })
    const ask = (count: number) => {
      const fields = creators
        .slice(0, count)
        .map(({ id }, place) => `c${place}: entitlement(creatorId: "${id}") { creator { id } tier }`)
      return statementsDuring(() => fan.ok<{ me: Record<string, object> }>(`{ me { ${fields.join(' ')} } }`))
    }
    const one = await ask(1)
    const fifty = await ask(50)
    expect(fifty.statements).toHaveLength(one.statements.length)
    expect(Object.values(fifty.result.me)).toEqual(
      creators.map(({ id }, place) => ({ creator: { id }, tier: place === 7 ? 'PRO' : null })),
    )
  })

  test('what is no id is refused by name, and costs nothing else of the answer', async () => {
    const fan = await accounts.person('fan')
    const { data, errors } = await fan.run('{ me { id entitlement(creatorId: "x") { tier } } }')
    expect(data).toEqual({ me: { id: fan.id, entitlement: null } })
    expect(errors).toMatchObject([
      { code: 'BAD_USER_INPUT', message: expect.stringContaining('creatorId: must be an id') },
    ])
  })
})
