import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { principals } from '@courtside/testing'
import { type AccountsHarness, openAccounts } from '../testing/open-accounts.ts'

let accounts: AccountsHarness
beforeAll(async () => {
  accounts = await openAccounts()
})
afterAll(() => accounts.close())

const LOG = `query ($filter: AuditFilter, $first: Int, $after: String) {
  accountsAuditLog(filter: $filter, first: $first, after: $after) {
    edges {
      cursor
      node {
        id action entityType entityId actorKind actor { username } actorApiKeyId requestId before after recordedAt
      }
    }
    pageInfo { hasNextPage endCursor }
    totalCount
  }
}`
const VERIFY = '{ accountsAuditLogVerification { isIntact firstBrokenEntryId } }'

interface Log {
  accountsAuditLog: {
    edges: { node: { id: string; action: string; entityId: string; recordedAt: string } }[]
    pageInfo: { hasNextPage: boolean; endCursor: string | null }
    totalCount: number
  }
}

const auditor = () => accounts.as(principals.userWithScopes('read:audit'))
const log = async (variables: object = {}) => (await auditor().ok<Log>(LOG, variables)).accountsAuditLog

/** Leaves a trace as the application does: as its own role, on somebody's behalf. */
async function leaveTrace(entry: { action: string; entityId: string; actorUserId?: string }): Promise<void> {
  await accounts.sql(
    `INSERT INTO audit_log (action, entity_type, entity_id, actor_kind, actor_user_id, request_id, before, after)
     VALUES ($1, 'Thing', $2, 'user', $3, 'request-1', '{"name":"old"}', '{"name":"new"}')`,
    [entry.action, entry.entityId, entry.actorUserId ?? null],
  )
}

describe('GW-09: reading the audit log', () => {
  test('tells who changed what, the latest change first', async () => {
    const entityId = randomUUID()
    const { id: actorUserId, username } = await accounts.person('operator')
    await leaveTrace({ action: 'things.create', entityId })
    await leaveTrace({ action: 'things.update', entityId, actorUserId })
    const { edges, totalCount } = await log({ filter: { entityType: 'Thing', entityId } })
    expect(totalCount).toBe(2)
    expect(edges.map(({ node }) => node.action)).toEqual(['things.update', 'things.create'])
    expect(edges[1]?.node).toMatchObject({ actor: null })
    expect(edges[0]?.node).toEqual({
      id: expect.stringMatching(/^\d+$/),
      action: 'things.update',
      entityType: 'Thing',
      entityId,
      actorKind: 'USER',
      actor: { username },
      actorApiKeyId: null,
      requestId: 'request-1',
      before: { name: 'old' },
      after: { name: 'new' },
      recordedAt: expect.any(String),
    })
  })

  test('each condition narrows the list', async () => {
    const [mine, other] = [randomUUID(), randomUUID()]
    const [entityId, sibling] = [randomUUID(), randomUUID()]
    await leaveTrace({ action: 'things.create', entityId, actorUserId: mine })
    await leaveTrace({ action: 'things.update', entityId, actorUserId: other })
    await leaveTrace({ action: 'things.delete', entityId: sibling, actorUserId: mine })
    const actions = async (filter: object) => (await log({ filter })).edges.map(({ node }) => node.action)
    expect(await actions({ actorUserId: mine })).toEqual(['things.delete', 'things.create'])
    expect(await actions({ entityType: 'Thing', entityId })).toEqual(['things.update', 'things.create'])
    expect(await actions({ entityType: 'Thing', entityId, actorUserId: mine })).toEqual(['things.create'])
    expect(await actions({ entityType: 'Another', entityId })).toEqual([])
    expect(await actions({ actorUserId: mine, action: 'things.delete' })).toEqual(['things.delete'])
    expect(await actions({ actorUserId: mine, actorApiKeyId: other })).toEqual([])

    const [latest] = (await log({ filter: { actorUserId: mine } })).edges
    const moment = latest!.node.recordedAt
    expect(await actions({ actorUserId: mine, from: moment })).toContain('things.delete')
    expect(await actions({ actorUserId: mine, to: moment })).not.toContain('things.delete')
    expect(await actions({ actorUserId: mine, from: '2999-01-01T00:00:00Z' })).toEqual([])
  })

  test('pages join without a gap', async () => {
    const entityId = randomUUID()
    const actions = ['things.a', 'things.b', 'things.c', 'things.d', 'things.e']
    for (const action of actions) await leaveTrace({ action, entityId })
    const seen: string[] = []
    let after: string | null = null
    do {
      const page: Log['accountsAuditLog'] = await log({
        filter: { entityType: 'Thing', entityId },
        first: 2,
        after,
      })
      seen.push(...page.edges.map(({ node }) => node.action))
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
    } while (after !== null)
    expect(seen).toEqual(actions.toReversed())
  })

  test.each([
    ['a person who is none', { actorUserId: 'x' }],
    ['a key that is none', { actorApiKeyId: 'x' }],
    ['an id without its type', { entityId: 'x' }],
    ['a type of a thousand characters', { entityType: 'x'.repeat(1_000) }],
    ['a time without a zone', { from: '2026-11-20T19:30:00' }],
  ])('%s is refused', async (_, filter) => {
    expect((await auditor().refusal(LOG, { filter })).code).toBe('BAD_USER_INPUT')
  })

  test('takes the scope', async () => {
    for (const document of [LOG, VERIFY]) {
      const viewer = accounts.as(principals.user('viewer'))
      expect((await viewer.refusal(document)).code).toBe('FORBIDDEN')
      expect((await accounts.as(principals.anonymous).refusal(document)).code).toBe('UNAUTHENTICATED')
    }
  })
})

describe('GW-09: verifying the audit log', () => {
  test('an entry that was changed shows, and so does one that was removed', async () => {
    const entityId = randomUUID()
    for (let time = 1; time <= 3; time++) await leaveTrace({ action: 'things.update', entityId })
    const [, { node: second }] = (await log({ filter: { entityType: 'Thing', entityId } })).edges as [
      unknown,
      Log['accountsAuditLog']['edges'][number],
    ]
    const verification = async () =>
      (await auditor().ok<{ accountsAuditLogVerification: object }>(VERIFY)).accountsAuditLogVerification
    expect(await verification()).toEqual({ isIntact: true, firstBrokenEntryId: null })

    await accounts.sql(`UPDATE audit_log SET after = '{"name":"forged"}' WHERE id = $1`, [second.id])
    expect(await verification()).toEqual({ isIntact: false, firstBrokenEntryId: second.id })
    await accounts.sql(`UPDATE audit_log SET after = '{"name":"new"}' WHERE id = $1`, [second.id])
    expect(await verification()).toMatchObject({ isIntact: true })

    await accounts.sql('DELETE FROM audit_log WHERE id = $1', [second.id])
    expect(await verification()).toEqual({
      isIntact: false,
      firstBrokenEntryId: String(Number(second.id) + 1),
    })
  })
})
