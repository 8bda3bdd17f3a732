import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { principals, type SubgraphClient } from '@courtside/testing'
import { whileHeld } from '../testing/held.ts'
import { type AccountsHarness, openAccounts } from '../testing/open-accounts.ts'
import { resolve } from '../testing/resolve.ts'
import { join } from '../testing/signed-in.ts'

const ISSUER = 'https://clerk.example'

let accounts: AccountsHarness
beforeAll(async () => {
  accounts = await openAccounts()
})
afterAll(() => accounts.close())

const ME = '{ me { id email user { username displayName avatarUrl } identities { id issuer subject } } }'
const UNLINK =
  'mutation ($input: UnlinkIdentityInput!) { unlinkIdentity(input: $input) { me { identities { id } } } }'
const SIGN_OUT = 'mutation { signOut(input: {}) { endedSessionId } }'

interface Me {
  id: string
  email: string | null
  user: { username: string; displayName: string | null; avatarUrl: string | null }
  identities: { id: string; issuer: string; subject: string }[]
}

const resolveExternal = (claims: object) => resolve(accounts, { external: { issuer: ISSUER, ...claims } })
const subject = () => `user_${randomUUID()}`
/** As the person whom these claims stand for. */
async function arrive(claims: { subject: string; sessionId?: string } & Record<string, unknown>) {
  const principal = await resolveExternal(claims)
  const id = principal?.userId
  if (id == null) throw new Error(`Nobody for ${JSON.stringify(claims)}`)
  const client = accounts.as({ ...principals.user('viewer', id), sessionId: claims.sessionId ?? null })
  const me = async () => (await client.ok<{ me: Me }>(ME)).me
  return { id, principal, client, me }
}
const people = async () =>
  Number((await accounts.sql<{ count: string }>('SELECT count(*) FROM users'))[0]?.count)

describe('ACC-05: somebody from another issuer', () => {
  test('gets an account at first sight, and the same one ever after', async () => {
    const claims = {
      subject: subject(),
      sessionId: 'sess_1',
      email: `${randomUUID()}@example.com`,
      name: 'Renée Ødegård',
      avatarUrl: 'https://img.example/renee.png',
    }
    const { id, principal, me } = await arrive(claims)
    expect(principal).toEqual({
      kind: 'user',
      userId: id,
      sessionId: 'sess_1',
      apiKeyId: null,
      roles: ['viewer'],
      scopes: ['write:chat'],
      requestsPerMinute: null,
      costPerMinute: null,
      allowedOperations: null,
    })
    expect(await me()).toMatchObject({
      email: claims.email,
      user: { displayName: 'Renée Ødegård', avatarUrl: claims.avatarUrl },
      identities: [{ issuer: ISSUER, subject: claims.subject }],
    })
    expect((await arrive({ ...claims, name: 'Somebody Else' })).id).toBe(id)
  })

  test('is one person, also when the first requests come together', async () => {
    const claims = { subject: subject(), name: 'Eight Tabs', email: `${randomUUID()}@example.com` }
    // All have found that there is nobody yet, when the name is given to somebody.
    const nameTaken = {
      text: `INSERT INTO users (id, username, email) VALUES ($1, 'eight.tabs', 'eight.tabs@example.com')`,
      values: [randomUUID()],
    }
    const eight = Array.from({ length: 8 }, () => () => arrive(claims))
    const before = await people()
    const arrivals = await whileHeld(accounts, nameTaken, eight)
    expect(new Set(arrivals.map(({ id }) => id)).size).toBe(1)
    expect(await people()).toBe(before + 2)
  })

  test('is somebody else at another issuer', async () => {
    const same = subject()
    const other = await resolve(accounts, { external: { issuer: 'https://other.example', subject: same } })
    expect(other?.userId).not.toBe((await arrive({ subject: same })).id)
  })

  test('is never let into an account because of its address', async () => {
    const anna = await join(accounts)
    const { id, me } = await arrive({ subject: subject(), email: anna.email.toUpperCase() })
    expect(id).not.toBe(anna.id)
    expect((await me()).email).toBeNull()
    expect((await anna.ok<{ me: Me }>(ME)).me).toMatchObject({ email: anna.email, identities: [] })
  })

  test('who has the name of somebody else gets another one', async () => {
    const names = new Set<string>()
    for (let turn = 0; turn < 3; turn++) {
      names.add((await (await arrive({ subject: subject(), name: 'Sam Taken' })).me()).user.username)
    }
    expect(names.size).toBe(3)
    expect([...names][0]).toBe('sam.taken')
    expect([...names].every((name) => /^sam\.taken(-\d+)?$/.test(name))).toBe(true)
  })

  test.each([
    ['an address that is none', { email: 'nonsense' }],
    ['a picture that is none', { avatarUrl: 'javascript:alert(1)' }],
    ['a name out of bounds', { name: 'x'.repeat(10_000) }],
    ['a null byte', { name: 'a\u0000b', email: 'a\u0000@example.com' }],
  ])('whose issuer says %s comes in without it', async (_what, claims) => {
    const { me } = await arrive({ subject: subject(), ...claims })
    expect(await me()).toMatchObject({ email: null, user: { avatarUrl: null, displayName: null } })
  })

  test.each([
    ['no subject', { subject: '' }],
    ['a subject out of bounds', { subject: 'x'.repeat(256) }],
    ['a null byte in it', { subject: 'a\u0000' }],
    ['an issuer out of bounds', { issuer: 'x'.repeat(501), subject: 'anna' }],
    ['a session out of bounds', { subject: 'anna', sessionId: 'x'.repeat(256) }],
  ])('with %s is nobody', async (_what, claims) => {
    expect(await resolveExternal(claims)).toBeNull()
  })

  test('whose account was switched off or erased is nobody', async () => {
    const [off, gone] = [{ subject: subject() }, { subject: subject() }]
    await accounts.sql('UPDATE users SET is_active = false WHERE id = $1', [(await arrive(off)).id])
    await accounts.sql('UPDATE users SET erased_at = now() WHERE id = $1', [(await arrive(gone)).id])
    expect([await resolveExternal(off), await resolveExternal(gone)]).toEqual([null, null])
  })
})

describe('ACC-05: a session of another issuer', () => {
  test.each(['sess_2f8', randomUUID()])(
    'that is signed out here (%s) is not believed any more',
    async (sessionId) => {
      const claims = { subject: subject(), sessionId }
      const { client } = await arrive(claims)
      expect(await client.ok(SIGN_OUT)).toEqual({ signOut: { endedSessionId: sessionId } })
      expect(await resolveExternal(claims)).toBeNull()
      expect(await resolveExternal({ ...claims, sessionId: 'another' })).not.toBeNull()
    },
  )

  test('is not ended for others who happen to have the same', async () => {
    const sessionId = 'sess_shared'
    const elsewhere = { issuer: 'https://other.example', subject: subject(), sessionId }
    await resolve(accounts, { external: elsewhere })
    const { client } = await arrive({ subject: subject(), sessionId })
    await client.ok(SIGN_OUT)
    expect(await resolve(accounts, { external: elsewhere })).not.toBeNull()
  })
})

describe('ACC-05: unlinking an identity', () => {
  const unlink = (client: SubgraphClient, id: string) => client.ok(UNLINK, { input: { id } })
  const refusalOf = async (client: SubgraphClient, id: string) =>
    (await client.refusal(UNLINK, { input: { id } })).code
  const link = (userId: string) =>
    accounts.sql('INSERT INTO auth_identities (id, user_id, provider, subject) VALUES ($1, $2, $3, $4)', [
      randomUUID(),
      userId,
      'https://second.example',
      subject(),
    ])

  test('works while there is another way in, and then no more', async () => {
    const { id, client, me } = await arrive({ subject: subject() })
    await link(id)
    const [first, second] = (await me()).identities
    await unlink(client, first?.id ?? '')
    expect((await me()).identities).toEqual([second])
    expect(await refusalOf(client, second?.id ?? '')).toBe('ACCOUNTS_LAST_WAY_IN')
  })

  test('of the last one works for somebody with a password', async () => {
    const anna = await join(accounts)
    await link(anna.id)
    const [only] = (await anna.ok<{ me: Me }>(ME)).me.identities
    expect(await unlink(anna, only?.id ?? '')).toEqual({ unlinkIdentity: { me: { identities: [] } } })
  })

  test('of both at once leaves one', async () => {
    const { id, client, me } = await arrive({ subject: subject() })
    await link(id)
    const both = (await me()).identities
    // Both have found that there is another one, when the first is removed.
    const held = { text: 'SELECT FROM auth_identities WHERE user_id = $1 FOR UPDATE', values: [id] }
    const answers = await whileHeld(
      accounts,
      held,
      both.map((identity) => () => client.run(UNLINK, { input: { id: identity.id } })),
    )
    expect(answers.flatMap(({ errors }) => errors.map(({ code }) => code))).toEqual(['ACCOUNTS_LAST_WAY_IN'])
    expect((await me()).identities).toHaveLength(1)
  })

  test('of somebody else finds none', async () => {
    const mallory = await join(accounts, 'mallory')
    const victim = await arrive({ subject: subject() })
    await link(victim.id)
    const [identity] = (await victim.me()).identities
    for (const id of [identity?.id ?? '', randomUUID(), 'not-an-id']) {
      expect(await refusalOf(mallory, id)).toBe('ACCOUNTS_IDENTITY_NOT_FOUND')
    }
    expect((await victim.me()).identities).toHaveLength(2)
  })
})
