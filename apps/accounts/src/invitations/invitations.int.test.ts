import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { silentLogger } from '@courtside/logger'
import { type Database, openAccountsDatabase } from '../db.ts'
import { type AccountsHarness, openAccounts } from '../testing/open-accounts.ts'
import { type Answer, ask, PASSWORD, refused, SIGNED_IN, signedIn, stranger } from '../testing/signed-in.ts'
import { inviteFirstAdmin } from './index.ts'

const HOUR_MS = 60 * 60 * 1000
const ACCEPT = `mutation ($input: AcceptInvitationInput!) {
  result: acceptInvitation(input: $input) { ${SIGNED_IN} ... on SignUpRefused { __typename code field message } }
}`

let accounts: AccountsHarness
let db: Database
beforeEach(async () => {
  accounts = await openAccounts()
  db = openAccountsDatabase(accounts.database.appUrl, silentLogger)
})
afterEach(async () => {
  await db.close()
  await accounts.close()
})

const invite = async (email: string | null = null) => {
  const invitation = await inviteFirstAdmin({ db, clock: accounts.clock }, { email })
  if (!invitation) throw new Error('There is an admin already')
  return invitation.token
}
const anna = (given: object = {}) => ({
  username: `anna-${randomUUID().slice(0, 8)}`,
  email: `${randomUUID()}@example.com`,
  password: PASSWORD,
  ...given,
})
const accept = (token: string, given: object = {}): Promise<Answer> =>
  ask(stranger(accounts), ACCEPT, { ...anna(given), token })
const admins = () => accounts.sql<{ id: string }>(`SELECT user_id AS id FROM user_roles WHERE role = 'admin'`)
const invalid = { __typename: 'SignUpRefused', code: 'INVITATION_INVALID', field: 'TOKEN' }

describe('ACC-18: the invitation of the first admin', () => {
  test('makes an admin, who is signed in', async () => {
    const { me } = signedIn(await accept(await invite()))
    expect(me.roles).toEqual(['VIEWER', 'ADMIN'])
    expect(await admins()).toEqual([{ id: me.id }])
  })

  test('is kept as a hash, and leaves its traces', async () => {
    const token = await invite()
    const { me } = signedIn(await accept(token))
    const rows = await accounts.sql(
      'SELECT to_jsonb(i) AS row FROM invitations i UNION ALL SELECT to_jsonb(a) FROM audit_log a',
    )
    const stored = JSON.stringify(rows)
    const forms = [token, Buffer.from(token).toString('hex'), Buffer.from(token, 'base64url').toString('hex')]
    expect(forms.filter((form) => stored.includes(form))).toEqual([])
    const [invitation] = await accounts.sql<{ id: string }>('SELECT id FROM invitations')
    expect(
      await accounts.sql(
        `SELECT action, entity_id, actor_kind, actor_service, actor_user_id FROM audit_log ORDER BY id`,
      ),
    ).toEqual([
      {
        action: 'invitations.create',
        entity_id: invitation?.id,
        actor_kind: 'service',
        actor_service: 'bootstrap-admin',
        actor_user_id: null,
      },
      {
        action: 'invitations.accept',
        entity_id: invitation?.id,
        actor_kind: 'user',
        actor_service: null,
        actor_user_id: me.id,
      },
    ])
  })

  test('works once', async () => {
    const token = await invite()
    signedIn(await accept(token))
    expect(await accept(token)).toMatchObject(invalid)
    expect(await admins()).toHaveLength(1)
  })

  test('accepted eight times at once makes one account', async () => {
    const token = await invite()
    const answers = await Promise.all(Array.from({ length: 8 }, () => accept(token)))
    expect(answers.filter(({ __typename }) => __typename === 'SignedIn')).toHaveLength(1)
    for (const answer of answers.filter(({ __typename }) => __typename !== 'SignedIn')) {
      expect(answer).toMatchObject(invalid)
    }
    expect(await admins()).toHaveLength(1)
    expect(await accounts.sql('SELECT id FROM users')).toHaveLength(1)
  })

  test('is good for an hour', async () => {
    const [token, late] = [await invite(), accounts.clock]
    late.advance(HOUR_MS)
    expect(await accept(token)).toMatchObject(invalid)
    const another = await invite()
    late.advance(HOUR_MS - 1)
    signedIn(await accept(another))
  })

  test('is still good after a name that was taken or a password that was weak', async () => {
    const token = await invite()
    const taken = await accounts.person('taken')
    expect(refused(await accept(token, { username: taken.username })).code).toBe('USERNAME_TAKEN')
    expect(refused(await accept(token, { password: 'short' })).code).toBe('PASSWORD_WEAK')
    signedIn(await accept(token))
  })

  test('for one address is good for no other', async () => {
    const token = await invite('anna@example.com')
    expect(await accept(token)).toMatchObject(invalid)
    signedIn(await accept(token, { email: 'Anna@Example.com' }))
  })

  test('ends the one before, and is not made while there is an admin', async () => {
    const [first, second] = [await invite(), await invite()]
    expect(await accept(first)).toMatchObject(invalid)
    signedIn(await accept(second))
    expect(await inviteFirstAdmin({ db, clock: accounts.clock }, { email: null })).toBeNull()
  })

  test('is void as soon as there is an admin by another way', async () => {
    const token = await invite()
    const other = await accounts.person('other')
    await accounts.sql(`INSERT INTO user_roles (user_id, role) VALUES ($1, 'admin')`, [other.id])
    expect(await accept(token)).toMatchObject(invalid)
    await accounts.sql('UPDATE users SET is_active = false WHERE id = $1', [other.id])
    signedIn(await accept(token))
  })

  test.each(['', 'guess', 'x'.repeat(43), "' OR true --"])('cannot be guessed: %j', async (token) => {
    await invite()
    expect(await accept(token)).toMatchObject(invalid)
    expect(await admins()).toEqual([])
  })
})
