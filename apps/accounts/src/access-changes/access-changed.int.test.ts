import { randomUUID } from 'node:crypto'
import { createIdentitySigner, IDENTITY_HEADER, type Principal } from '@courtside/auth'
import { createStreamLog, withAfterCommit } from '@courtside/events'
import { silentLogger } from '@courtside/logger'
import { systemActor } from '@courtside/database'
import type { SubgraphEvents } from '@courtside/subgraph'
import { principals } from '@courtside/testing'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { openAccountsDatabase, toLogDatabase } from '../db.ts'
import { type AccountsHarness, openAccounts } from '../testing/open-accounts.ts'
import { join, type Member } from '../testing/signed-in.ts'
import { ofPerson } from './access-change.ts'
import { ACCESS_STREAM, createAccessChangeTeller } from './access-change-log.ts'

/** As the gateway sends it. */
const ACCESS_CHANGED = `subscription AccessChanged($after: Cursor) {
  accessChanged(after: $after) { cursor userId sessionId apiKeyId gap { reason } }
}`
const GATEWAY = principals.service('gateway', 'resolve:identity')

interface Told {
  cursor: string
  userId: string | null
  sessionId: string | null
  apiKeyId: string | null
  gap: { reason: string } | null
}

let accounts: AccountsHarness
beforeAll(async () => {
  accounts = await openAccounts()
})
afterAll(() => accounts.close())

const opened: SubgraphEvents[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((events) => events.return()))
})

const subscribe = async (principal: Principal, after: string | null = null) => {
  const signer = await createIdentitySigner(accounts.keys.privateKey)
  return accounts.subgraph.subscribe({
    query: ACCESS_CHANGED,
    variables: { after },
    headers: { [IDENTITY_HEADER]: await signer.assertionFor(principal, 'accounts') },
  })
}

async function watch(after: string | null = null) {
  const { events, errors } = await subscribe(GATEWAY, after)
  if (!events) throw new Error(JSON.stringify(errors))
  opened.push(events)
  return async () => {
    const { value } = await events.next()
    if (!value) throw new Error('There are no more events')
    return { mark: value.mark, told: (value.data as { accessChanged: Told }).accessChanged }
  }
}

const signOut = (member: Member) => member.ok('mutation { signOut(input: {}) { endedSessionId } }')

describe('accessChanged', () => {
  test('begins with its place, then tells each change as it is committed', async () => {
    const next = await watch()
    const first = await next()
    expect(first.told).toEqual({
      cursor: expect.any(String),
      userId: null,
      sessionId: null,
      apiKeyId: null,
      gap: null,
    })
    expect(first.mark).toMatchObject({ kind: 'place', snapshot: true })
    const member = await join(accounts)
    await signOut(member)
    const second = await next()
    expect(second.told).toMatchObject({ userId: member.id, sessionId: member.sessionId, apiKeyId: null })
    expect(second.mark).toMatchObject({ kind: 'place', snapshot: false, cursor: second.told.cursor })
  })

  test('goes on right after a cursor, with nothing left out and nothing twice', async () => {
    const next = await watch()
    const { told: before } = await next()
    const members = [await join(accounts), await join(accounts), await join(accounts)]
    for (const member of members) await signOut(member)
    const again = await watch(before.cursor)
    for (const member of members) expect((await again()).told.userId).toBe(member.id)
  })

  test('says so when changes are no longer kept', async () => {
    const next = await watch()
    const { told: before } = await next()
    await signOut(await join(accounts))
    await signOut(await join(accounts))
    await accounts.sql(`SELECT remove_facts($1, now() + interval '1 hour', 1000)`, [ACCESS_STREAM])
    const again = await watch(before.cursor)
    const { told, mark } = await again()
    expect(told).toMatchObject({ userId: null, gap: { reason: 'RETENTION' } })
    expect(mark).toMatchObject({ snapshot: true })
  })

  test('is for gateways alone', async () => {
    for (const principal of [
      principals.anonymous,
      principals.user('admin', randomUUID()),
      principals.partner('write:games'),
      principals.service('stats'),
    ]) {
      const { events, errors } = await subscribe(principal)
      expect(events).toBeUndefined()
      expect(errors?.[0]?.extensions?.['code']).toMatch(/^(UNAUTHENTICATED|FORBIDDEN)$/)
    }
  })

  test('refuses a cursor that is not its own', async () => {
    const { events, errors } = await subscribe(GATEWAY, 'made-up')
    expect(events).toBeUndefined()
    expect(errors?.[0]?.extensions?.['code']).toBe('CURSOR_INVALID')
  })
})

describe('a change that is rolled back', () => {
  test('was never told', async () => {
    const db = withAfterCommit(openAccountsDatabase(accounts.database.appUrl, silentLogger), silentLogger)
    const announced: unknown[] = []
    const log = createStreamLog({ db: toLogDatabase(db), announce: (facts) => announced.push(...facts) })
    const tell = createAccessChangeTeller({ log, clock: accounts.clock })
    const userId = randomUUID()
    try {
      const failing = db.as(systemActor, async (tx) => {
        await tell(tx, [ofPerson(userId)])
        throw new Error('and then it fails')
      })
      await expect(failing).rejects.toThrow('and then it fails')
      expect(await accounts.sql('SELECT FROM facts WHERE payload::text LIKE $1', [`%${userId}%`])).toEqual([])
      expect(announced).toEqual([])
      await db.as(systemActor, (tx) => tell(tx, [ofPerson(userId)]))
      expect(announced).toHaveLength(1)
    } finally {
      await db.close()
    }
  })

  test('an admin who is the last one stays one, and nobody hears of it', async () => {
    const admin = await accounts.person('only', 'admin')
    await accounts.sql(`INSERT INTO user_roles (user_id, role) VALUES ($1, 'admin')`, [admin.id])
    const input = { userId: admin.id, isActive: false }
    const refusal = await admin.refusal(
      'mutation ($input: SetUserActiveInput!) { setUserActive(input: $input) { account { id } } }',
      { input },
    )
    expect(refusal.code).toBe('ACCOUNTS_LAST_ADMIN')
    expect(await accounts.sql(`SELECT FROM facts WHERE payload ->> 'userId' = $1`, [admin.id])).toEqual([])
  })
})
