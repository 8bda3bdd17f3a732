import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { principals } from '@courtside/testing'
import { type AccountsHarness, openAccounts } from '../testing/open-accounts.ts'
import { resolve } from '../testing/resolve.ts'
import {
  ask,
  join,
  type Member,
  PASSWORD,
  REFRESH,
  sessionIdOf,
  SIGN_IN,
  signedIn,
  signInAgain,
  stranger,
} from '../testing/signed-in.ts'

let accounts: AccountsHarness
beforeAll(async () => {
  accounts = await openAccounts()
})
afterAll(() => accounts.close())

const SESSIONS = `query ($first: Int, $after: String) {
  me {
    sessions(first: $first, after: $after) {
      edges { cursor node { id deviceName ipAddress userAgent createdAt lastUsedAt expiresAt isCurrent } }
      pageInfo { hasNextPage }
      totalCount
    }
  }
}`
const SIGN_OUT = 'mutation ($input: SignOutInput!) { signOut(input: $input) { endedSessionId } }'
const REVOKE = 'mutation ($input: RevokeSessionInput!) { revokeSession(input: $input) { endedSessionId } }'
const REVOKE_OTHERS =
  'mutation ($input: RevokeOtherSessionsInput!) { revokeOtherSessions(input: $input) { endedSessionIds } }'
const REVOKE_ALL =
  'mutation ($input: RevokeUserSessionsInput!) { revokeUserSessions(input: $input) { endedSessionCount } }'

interface SessionList {
  me: {
    sessions: {
      edges: { cursor: string; node: { id: string; isCurrent: boolean } & Record<string, unknown> }[]
      pageInfo: { hasNextPage: boolean }
      totalCount: number
    }
  }
}
const sessions = async (member: Pick<Member, 'ok'>, variables: object = {}) =>
  (await member.ok<SessionList>(SESSIONS, variables)).me.sessions
const ids = ({ edges }: SessionList['me']['sessions']) => edges.map(({ node }) => node.id)
const isAlive = async ({ id, sessionId }: { id: string; sessionId: string }) =>
  (await resolve(accounts, { session: { userId: id, sessionId } })) !== null

describe('ACC-03: the list of one’s sessions', () => {
  test('says which device, from where, since when, and which one asks', async () => {
    const anna = await join(accounts)
    const phone = stranger(accounts, '2001:db8::7', 'Courtside/2.1 (iOS 20)')
    const answer = signedIn(
      await ask(phone, SIGN_IN, { login: anna.username, password: PASSWORD, deviceName: 'Phone' }),
    )
    const { edges, totalCount } = await sessions(anna)
    expect(totalCount).toBe(2)
    const now = accounts.clock.now()
    expect(edges.find(({ node }) => node.id === sessionIdOf(answer))?.node).toEqual({
      id: sessionIdOf(answer),
      deviceName: 'Phone',
      ipAddress: '2001:db8::7',
      userAgent: 'Courtside/2.1 (iOS 20)',
      createdAt: now.toISOString(),
      lastUsedAt: now.toISOString(),
      expiresAt: new Date(now.getTime() + 30 * 24 * 60 * 60 * 1000).toISOString(),
      isCurrent: false,
    })
    expect(edges.find(({ node }) => node.isCurrent)?.node.id).toBe(anna.sessionId)
  })

  test('goes from the last used one on, page by page, without those that ended', async () => {
    const first = await join(accounts)
    const order = [first]
    for (let turn = 0; turn < 3; turn++) {
      accounts.clock.advance(60_000)
      order.unshift(await signInAgain(accounts, first))
    }
    const [ended, ...alive] = order
    await first.ok(REVOKE, { input: { id: ended?.sessionId } })
    const page = await sessions(first, { first: 2 })
    expect(ids(page)).toEqual([alive[0]?.sessionId, alive[1]?.sessionId])
    const rest = await sessions(first, { first: 2, after: page.edges[1]?.cursor })
    expect([ids(rest), rest.pageInfo.hasNextPage]).toEqual([[first.sessionId], false])
  })

  test('is not told in the answer to a sign-in, when nobody is known yet', async () => {
    const anna = await join(accounts)
    const refusal = await stranger(accounts).refusal(
      `mutation ($input: SignInInput!) { signIn(input: $input) { ... on SignedIn { me { sessions { totalCount } } } } }`,
      { input: { login: anna.username, password: PASSWORD } },
    )
    expect(refusal.code).toBe('UNAUTHENTICATED')
  })

  test('keeps no address that is none', async () => {
    const anna = await join(accounts)
    const answer = await ask(stranger(accounts, 'unix:socket'), SIGN_IN, {
      login: anna.username,
      password: PASSWORD,
    })
    const { edges } = await sessions(anna)
    expect(edges.find(({ node }) => node.id === sessionIdOf(signedIn(answer)))?.node['ipAddress']).toBeNull()
  })
})

describe('ACC-03: signing out', () => {
  test('ends the session that asks, and no other', async () => {
    const anna = await join(accounts)
    const other = await signInAgain(accounts, anna)
    expect(await anna.ok(SIGN_OUT, { input: {} })).toEqual({ signOut: { endedSessionId: anna.sessionId } })
    expect([await isAlive(anna), await isAlive(other)]).toEqual([false, true])
    expect(await ask(stranger(accounts), REFRESH, { refreshToken: anna.refreshToken })).toMatchObject({
      code: 'SESSION_OVER',
    })
    expect(await anna.ok(SIGN_OUT, { input: {} })).toEqual({ signOut: { endedSessionId: null } })
  })

  test('works with the refresh token alone, once', async () => {
    const anna = await join(accounts)
    const signOut = () => stranger(accounts).ok(SIGN_OUT, { input: { refreshToken: anna.refreshToken } })
    expect(await signOut()).toEqual({ signOut: { endedSessionId: anna.sessionId } })
    expect(await isAlive(anna)).toBe(false)
    expect(await signOut()).toEqual({ signOut: { endedSessionId: null } })
  })

  test('by somebody who is nobody is refused', async () => {
    expect((await stranger(accounts).refusal(SIGN_OUT, { input: {} })).code).toBe('UNAUTHENTICATED')
  })
})

describe('ACC-03: ending sessions', () => {
  test('ends one of one’s own, twice like once', async () => {
    const anna = await join(accounts)
    const lost = await signInAgain(accounts, anna)
    const revoke = () => anna.ok(REVOKE, { input: { id: lost.sessionId } })
    expect(await revoke()).toEqual({ revokeSession: { endedSessionId: lost.sessionId } })
    expect(await isAlive(lost)).toBe(false)
    expect(await revoke()).toEqual({ revokeSession: { endedSessionId: lost.sessionId } })
  })

  test('of somebody else finds none, also for an admin', async () => {
    const anna = await join(accounts)
    const mallory = await join(accounts, 'mallory')
    const admin = accounts.as(principals.user('admin'))
    for (const asker of [mallory, admin]) {
      for (const id of [anna.sessionId, randomUUID(), 'not-an-id']) {
        expect((await asker.refusal(REVOKE, { input: { id } })).code).toBe('ACCOUNTS_SESSION_NOT_FOUND')
      }
    }
    expect(await isAlive(anna)).toBe(true)
  })

  test('ends all others, or all but those to keep', async () => {
    const anna = await join(accounts)
    const [phone, tablet, desk] = [
      await signInAgain(accounts, anna),
      await signInAgain(accounts, anna),
      await signInAgain(accounts, anna),
    ]
    const stranger = await join(accounts, 'stranger')
    const revokeOthers = async (input: object) =>
      (await anna.ok<{ revokeOtherSessions: { endedSessionIds: string[] } }>(REVOKE_OTHERS, { input }))
        .revokeOtherSessions.endedSessionIds
    expect((await revokeOthers({ keepSessionIds: [phone.sessionId] })).sort()).toEqual(
      [tablet.sessionId, desk.sessionId].sort(),
    )
    expect(await revokeOthers({})).toEqual([phone.sessionId])
    expect(await Promise.all([anna, phone, tablet, desk, stranger].map(isAlive))).toEqual([
      true,
      false,
      false,
      false,
      true,
    ])
  })

  test('of somebody everywhere is for those who manage users, and is written down', async () => {
    const anna = await join(accounts)
    const other = await signInAgain(accounts, anna)
    const input = { userId: anna.id }
    const admin = accounts.as(principals.userWithScopes('manage:users'), { 'x-request-id': 'request-7' })
    expect(await admin.ok(REVOKE_ALL, { input })).toEqual({ revokeUserSessions: { endedSessionCount: 2 } })
    expect([await isAlive(anna), await isAlive(other)]).toEqual([false, false])
    const entries = await accounts.sql<{ before: { sessionIds: string[] }; request_id: string }>(
      `SELECT before, request_id FROM audit_log WHERE entity_id = $1 AND action = 'sessions.revoke-all'`,
      [anna.id],
    )
    expect(entries).toHaveLength(1)
    expect(entries[0]?.request_id).toBe('request-7')
    expect(entries[0]?.before.sessionIds.sort()).toEqual([anna.sessionId, other.sessionId].sort())
    expect((await anna.refusal(REVOKE_ALL, { input })).code).toBe('FORBIDDEN')
  })
})
