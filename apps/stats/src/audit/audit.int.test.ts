import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { principals, type SubgraphClient } from '@courtside/testing'
import pg from 'pg'
import { openStats, type StatsHarness } from '../testing/open-stats.ts'

let stats: StatsHarness
beforeAll(async () => {
  stats = await openStats()
})
afterAll(() => stats.close())

const LOG = `query ($filter: AuditFilter, $first: Int, $after: String) {
  statsAuditLog(filter: $filter, first: $first, after: $after) {
    totalCount
    edges { node { id action entityType entityId actorKind actor { id } actorApiKeyId requestId before after recordedAt } }
    pageInfo { hasNextPage endCursor }
  }
}`
const VERIFY = '{ statsAuditLogVerification { isIntact firstBrokenEntryId } }'

interface Log {
  totalCount: number
  edges: { node: Record<string, unknown> & { id: string; action: string; recordedAt: string } }[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}

const auditor = () => stats.as(principals.userWithScopes('read:audit'))
const log = async (variables: object = {}) =>
  (await auditor().ok<{ statsAuditLog: Log }>(LOG, variables)).statsAuditLog
const verification = async () =>
  (await auditor().ok<{ statsAuditLogVerification: object }>(VERIFY)).statsAuditLogVerification

const createVenue = async (client: SubgraphClient, name = 'Heron Hall') => {
  const { createVenue } = await client.ok<{ createVenue: { venue: { id: string } } }>(
    `mutation ($input: CreateVenueInput!) { createVenue(input: $input) { venue { id } } }`,
    { input: { name, city: 'Harrow Bay', country: 'US', timeZone: 'America/Detroit' } },
  )
  return createVenue.venue.id
}

describe('GW-09: the audit log of stats', () => {
  test('tells who did it, and in which request', async () => {
    const person = principals.userWithScopes('write:competitions')
    const partner = principals.partner('write:competitions')
    const byPerson = await createVenue(stats.as(person, { 'x-request-id': 'request-42' }))
    const byPartner = await createVenue(stats.as(partner))
    const entryOf = async (entityId: string) =>
      (await log({ filter: { entityType: 'Venue', entityId } })).edges[0]?.node
    expect(await entryOf(byPerson)).toMatchObject({
      id: expect.stringMatching(/^\d+$/),
      action: 'venues.create',
      actorKind: 'USER',
      actor: { id: person.userId },
      actorApiKeyId: null,
      requestId: 'request-42',
      before: null,
      after: { id: byPerson, name: 'Heron Hall', country: 'US' },
    })
    expect(await entryOf(byPartner)).toMatchObject({
      actorKind: 'PARTNER',
      actor: null,
      actorApiKeyId: partner.apiKeyId,
    })
  })

  test('is narrowed by thing, person and time, and its pages join without a gap', async () => {
    const person = principals.userWithScopes('write:competitions')
    const ids: string[] = []
    for (const name of ['1', '2', '3', '4', '5']) ids.push(await createVenue(stats.as(person), name))
    const filter = { actorUserId: person.userId }
    const all = await log({ filter })
    expect(all.totalCount).toBe(5)
    expect(all.edges.map(({ node }) => node['entityId'])).toEqual(ids.toReversed())

    const paged: string[] = []
    let after: string | null = null
    do {
      const page: Log = await log({ filter, first: 2, after })
      paged.push(...page.edges.map(({ node }) => node.id))
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
    } while (after !== null)
    expect(paged).toEqual(all.edges.map(({ node }) => node.id))

    const moment = all.edges[0]!.node.recordedAt
    const ofLast = { entityType: 'Venue', entityId: ids[4] }
    expect((await log({ filter: { ...ofLast, from: moment } })).totalCount).toBe(1)
    expect((await log({ filter: { ...ofLast, to: moment } })).totalCount).toBe(0)
    expect((await log({ filter: { ...ofLast, entityType: 'Team' } })).totalCount).toBe(0)
  })

  test('is narrowed by what was done, and by the key that did it', async () => {
    const partner = principals.partner('write:competitions')
    const id = await createVenue(stats.as(partner))
    await stats
      .as(partner)
      .ok('mutation ($input: DeleteVenueInput!) { deleteVenue(input: $input) { deletedId } }', {
        input: { id },
      })
    const actions = async (filter: object) =>
      (await log({ filter })).edges.map(({ node }) => [node.action, node['entityId']])
    const filter = { actorApiKeyId: partner.apiKeyId }
    expect(await actions(filter)).toEqual([
      ['venues.delete', id],
      ['venues.create', id],
    ])
    expect(await actions({ ...filter, action: 'venues.create' })).toEqual([['venues.create', id]])
    expect((await actions({ action: 'venues.delete' }))[0]).toEqual(['venues.delete', id])
  })

  test('says nothing of what was refused or rolled back', async () => {
    const before = (await log()).totalCount
    await stats.refused('createVenue', { name: '', city: 'x', country: 'US', timeZone: 'UTC' })
    await stats.refused('deleteVenue', { id: '0197b1de-0000-7000-8000-000000000000' })
    expect((await log()).totalCount).toBe(before)
  })

  test.each([
    ['a person who is none', { actorUserId: 'x' }],
    ['a key that is none', { actorApiKeyId: 'x' }],
    ['an id without its type', { entityId: 'x' }],
    ['a type of a thousand characters', { entityType: 'x'.repeat(1_000) }],
    ['an action of a thousand characters', { action: 'x'.repeat(1_000) }],
    ['a time without a zone', { from: '2026-11-20T19:30:00' }],
  ])('refuses %s', async (_, filter) => {
    expect((await auditor().refusal(LOG, { filter })).code).toBe('BAD_USER_INPUT')
  })

  test.each(['games.change_status', 'Venue.update', 'venue.update', 'venues', 'venues.', 'venues.Update'])(
    'takes no entry whose action is spelled %s',
    async (action) => {
      const entry = `INSERT INTO audit_log (action, entity_type, entity_id, actor_kind, request_id)
        VALUES ($1, 'Venue', 'x', 'user', 'request-1')`
      await expect(stats.sql(entry, [action])).rejects.toMatchObject({
        constraint: 'audit_log_action_spelling',
      })
    },
  )

  test('has no gap and no fork after many writers at once', async () => {
    await Promise.all(Array.from({ length: 30 }, (_, index) => createVenue(stats.admin, `Hall ${index}`)))
    expect(await verification()).toEqual({ isIntact: true, firstBrokenEntryId: null })
    const [row] = await stats.sql<{ entries: number; last: number }>(
      'SELECT count(*)::int AS entries, max(id)::int AS last FROM audit_log',
    )
    expect(row?.entries).toBe(row?.last)
  })
})

describe('GW-09: tampering with the audit log', () => {
  test.each([
    ['changes', `UPDATE audit_log SET action = 'venues.delete'`],
    ['removes', 'DELETE FROM audit_log'],
    ['empties', 'TRUNCATE audit_log'],
  ])('the application never %s it', async (_, statement) => {
    const app = new pg.Client({ connectionString: stats.database.appUrl })
    await app.connect()
    try {
      await expect(app.query(statement)).rejects.toMatchObject({ code: '42501' })
    } finally {
      await app.end()
    }
  })

  test('a forged entry shows, whatever was forged, and so does one that was removed', async () => {
    const ids = [
      await createVenue(stats.admin),
      await createVenue(stats.admin),
      await createVenue(stats.admin),
    ]
    const second = (await log({ filter: { entityType: 'Venue', entityId: ids[1] } })).edges[0]!.node.id
    const tamper = async (statement: string) => {
      const superuser = new pg.Client({ connectionString: stats.database.adminUrl })
      await superuser.connect()
      try {
        await superuser.query('BEGIN')
        await superuser.query(statement, [second])
        const { rows } = await superuser.query<{ broken: string | null }>(
          'SELECT verify_audit_log() AS broken',
        )
        return rows[0]?.broken
      } finally {
        await superuser.query('ROLLBACK')
        await superuser.end()
      }
    }
    expect(await tamper('UPDATE audit_log SET id = id WHERE id = $1')).toBeNull()
    for (const forgery of [
      `actor_user_id = '0197b1de-0000-7000-8000-000000000000'`,
      `action = 'venues.delete'`,
      `entity_id = 'another'`,
      `request_id = 'another'`,
      `before = '{}'`,
      `after = NULL`,
      `recorded_at = recorded_at - interval '1 day'`,
      `hash = sha256('another')`,
    ]) {
      expect(await tamper(`UPDATE audit_log SET ${forgery} WHERE id = $1`)).toBe(second)
    }
    const following = String(Number(second) + 1)
    expect(await tamper('DELETE FROM audit_log WHERE id = $1')).toBe(following)
    expect(await verification()).toEqual({ isIntact: true, firstBrokenEntryId: null })

    await stats.sql('DELETE FROM audit_log WHERE id = $1', [second])
    expect(await verification()).toEqual({ isIntact: false, firstBrokenEntryId: following })
  })
})
