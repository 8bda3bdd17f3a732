import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { principals } from '@courtside/testing'
import { arrangeAlice, PRIVATE } from '../testing/alice.ts'
import { whileHeld } from '../testing/held.ts'
import { type AccountsHarness, openAccounts, type Person } from '../testing/open-accounts.ts'
import { rowsNaming } from '../testing/table-rows.ts'

let accounts: AccountsHarness
beforeAll(async () => {
  accounts = await openAccounts()
})
afterAll(() => accounts.close())

const ERASE = `mutation ($input: EraseAccountInput!) {
  eraseAccount(input: $input) {
    erasure { id state requestedAt completedAt receipts { subgraph completedAt removed { kind count } } }
  }
}`
const ERASURE = 'query ($id: ID!) { erasure(id: $id) { id state receipts { subgraph } } }'
const SIGN_UP = `mutation ($input: SignUpInput!) {
  signUp(input: $input) { __typename ... on SignedIn { me { id } } ... on SignUpRefused { code } }
}`
const SIGN_IN = `mutation ($input: SignInInput!) {
  signIn(input: $input) { __typename ... on SignInRefused { code } }
}`
const FOLLOW = 'mutation ($userId: ID!) { follow(input: { userId: $userId }) { followedAt } }'

interface Erased {
  eraseAccount: { erasure: { id: string; receipts: { removed: { kind: string; count: number }[] }[] } }
}

const anybody = () => accounts.as(principals.anonymous)
const erase = (person: Person) => person.ok<Erased>(ERASE, { input: { confirm: person.username } })
const PASSWORD = 'correct horse battery staple'

async function personWithPassword(): Promise<Person> {
  const username = `pw-${randomUUID().slice(0, 8)}`
  const email = `${username}@example.com`
  const { signUp } = await anybody().ok<{ signUp: { me: { id: string } } }>(SIGN_UP, {
    input: { username, email, password: PASSWORD },
  })
  const { id } = signUp.me
  return { id, username, email, ...accounts.as(principals.user('viewer', id)) }
}
const makeAdmin = (person: Person) =>
  accounts.sql(`INSERT INTO user_roles (user_id, role) VALUES ($1, 'admin')`, [person.id])

describe('ACC-21: being forgotten', () => {
  test('removes what is only theirs, ends what others share, and counts it', async () => {
    const alice = await arrangeAlice(accounts)
    await accounts.sql('DELETE FROM erasures WHERE user_id = $1', [alice.id])
    await accounts.sql(
      `UPDATE users SET password_hash = NULL, bio = $2::text, display_name = $2::text, avatar_url = $2::text, is_verified = true,
         last_login_at = now() WHERE id = $1`,
      [alice.id, `${PRIVATE}-about`],
    )
    const { erasure } = (await erase(alice)).eraseAccount
    expect(erasure).toEqual({
      id: expect.any(String),
      state: 'COMPLETE',
      requestedAt: expect.any(String),
      completedAt: expect.any(String),
      receipts: [{ subgraph: 'accounts', completedAt: expect.any(String), removed: expect.any(Array) }],
    })
    expect(Object.fromEntries(erasure.receipts[0]!.removed.map(({ kind, count }) => [kind, count]))).toEqual({
      profile: 1,
      sessions: 1,
      identities: 1,
      apiKeys: 1,
      roles: 1,
      follows: 3,
      blocks: 1,
      mutes: 1,
      invitations: 1,
      memberships: 2,
    })

    const left = await rowsNaming(accounts, alice.id)
    expect(new Set(left.map(({ table }) => table))).toEqual(
      // What was told to others goes when they have had time to hear of it.
      new Set(['audit_log', 'erasures', 'facts', 'invitations', 'stream_heads', 'subscriptions', 'users']),
    )
    expect(left.find(({ table }) => table === 'users')?.row).toMatchObject({
      username: `deleted-${alice.id}`,
      email: `${alice.id}@erased.invalid`,
      password_hash: null,
      display_name: null,
      avatar_url: null,
      bio: null,
      is_verified: false,
      is_active: false,
      last_login_at: null,
      erased_at: expect.any(String),
    })
    for (const { row } of left.filter(({ table }) => table === 'subscriptions')) {
      expect(row).toMatchObject({ is_active: false, ended_at: expect.any(String), grant_key: null })
    }
    // The fixture itself wrote her address into the log, which nobody can change; the application does not.
    const told = (await rowsNaming(accounts, PRIVATE)).filter(({ table }) => table !== 'audit_log')
    expect(told).toEqual([])
    const traces = await accounts.sql(
      `SELECT * FROM audit_log WHERE action = 'users.erase' AND entity_id = $1`,
      [alice.id],
    )
    expect(traces).toHaveLength(1)
    expect(JSON.stringify(traces)).not.toContain(PRIVATE)
    expect(JSON.stringify(traces)).not.toContain(alice.username)
  })

  test('nobody can sign in to the account, others see an empty one, and its name is free again', async () => {
    const [person, friend] = [await personWithPassword(), await accounts.person('friend')]
    await friend.ok(FOLLOW, { userId: person.id })
    await person.ok(ERASE, { input: { confirm: person.username, password: PASSWORD } })
    for (const login of [person.username, person.email, `deleted-${person.id}`]) {
      expect(await anybody().ok(SIGN_IN, { input: { login, password: PASSWORD } })).toEqual({
        signIn: { __typename: 'SignInRefused', code: 'INVALID_CREDENTIALS' },
      })
    }
    expect(
      await anybody().ok(
        `query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { username bio } } }`,
        { r: [{ __typename: 'User', id: person.id }] },
      ),
    ).toEqual({ _entities: [{ username: `deleted-${person.id}`, bio: null }] })
    expect(await friend.ok('{ me { follows { totalCount } } }')).toEqual({
      me: { follows: { totalCount: 0 } },
    })
    expect(
      await anybody().ok(SIGN_UP, {
        input: { username: person.username, email: person.email, password: PASSWORD },
      }),
    ).toMatchObject({ signUp: { __typename: 'SignedIn' } })
  })

  test('asked again, also at the same moment, it is done once and answers the same', async () => {
    const person = await accounts.person()
    // All of them have looked, and found an account, when the first erases it.
    const admins = {
      text: `SELECT pg_advisory_xact_lock(hashtextextended('admins', 0))`,
      values: [],
    }
    const answers = await whileHeld(
      accounts,
      admins,
      Array.from({ length: 5 }, () => () => erase(person)),
    )
    answers.push(await erase(person))
    const ids = new Set(answers.map(({ eraseAccount }) => eraseAccount.erasure.id))
    expect(ids.size).toBe(1)
    expect(
      await accounts.sql(`SELECT FROM audit_log WHERE action = 'users.erase' AND entity_id = $1`, [
        person.id,
      ]),
    ).toHaveLength(1)
  })

  test('whoever still holds a token adds nothing to what was erased', async () => {
    const [person, friend] = await accounts.people('person', 'friend')
    await erase(person)
    for (const document of [
      FOLLOW,
      'mutation ($userId: ID!) { blockUser(input: { userId: $userId }) { blockedAt } }',
      'mutation ($userId: ID!) { muteUser(input: { userId: $userId }) { mutedAt } }',
    ]) {
      expect((await person.refusal(document, { userId: friend.id })).code).toBe('UNAUTHENTICATED')
    }
    expect((await rowsNaming(accounts, person.id)).map(({ table }) => table)).not.toContain('follows')
  })

  test('whatever is under way while the account goes comes to nothing', async () => {
    const [person, friend] = await accounts.people('person', 'friend')
    const billing = accounts.as(principals.service('billing', 'manage:memberships'))
    const GRANT = `mutation ($input: GrantMembershipInput!) { grantMembership(input: $input) { membership { id } } }`
    const grant = (subscriberId: string, creatorId: string) => () =>
      billing.run(GRANT, { input: { subscriberId, creatorId, tier: 'PRO' } })
    const erased = {
      text: 'UPDATE users SET is_active = false, erased_at = now() WHERE id = $1',
      values: [person.id],
    }
    const answers = await whileHeld(accounts, erased, [
      grant(person.id, friend.id),
      grant(friend.id, person.id),
      () => person.run(FOLLOW, { userId: friend.id }),
    ])
    expect(answers.flatMap(({ errors }) => errors.map(({ code }) => code))).toEqual([
      'ACCOUNTS_USER_NOT_FOUND',
      'ACCOUNTS_USER_NOT_FOUND',
      'UNAUTHENTICATED',
    ])
    expect((await rowsNaming(accounts, person.id)).map(({ table }) => table)).toEqual(['users'])
  })
})

describe('ACC-21: who may erase an account', () => {
  test('without a password the user name is enough, in upper or lower case', async () => {
    const person = await accounts.person()
    for (const confirm of ['', 'yes', `${person.username}x`]) {
      const refused = await person.refusal(ERASE, { input: { confirm } })
      expect(refused.code).toBe('ACCOUNTS_CONFIRMATION_WRONG')
    }
    await person.ok(ERASE, { input: { confirm: person.username.toUpperCase() } })
  })

  test('with a password it takes the password, and guessing is slowed down', async () => {
    const person = await personWithPassword()
    const before = await rowsNaming(accounts, person.id)
    const codeFor = async (input: object) =>
      (await person.refusal(ERASE, { input: { confirm: person.username, ...input } })).code
    expect(await codeFor({})).toBe('ACCOUNTS_PASSWORD_NEEDED')
    expect(await codeFor({ password: '' })).toBe('ACCOUNTS_PASSWORD_NEEDED')
    expect(await codeFor({ password: PASSWORD, confirm: 'x' })).toBe('ACCOUNTS_CONFIRMATION_WRONG')
    const codes: string[] = []
    for (let attempt = 0; attempt < 8; attempt++) codes.push(await codeFor({ password: 'wrong' }))
    expect(codes[0]).toBe('ACCOUNTS_WRONG_PASSWORD')
    expect(codes.at(-1)).toBe('RATE_LIMITED')
    expect(await rowsNaming(accounts, person.id)).toEqual(before)
  })

  test('the last admin stays; of two who leave at once, one does', async () => {
    const [one, other] = await accounts.people('one', 'other')
    await makeAdmin(one)
    expect((await one.refusal(ERASE, { input: { confirm: one.username } })).code).toBe('ACCOUNTS_LAST_ADMIN')
    await makeAdmin(other)
    const answers = await Promise.all(
      [one, other].map((person) => person.run(ERASE, { input: { confirm: person.username } })),
    )
    expect(answers.flatMap(({ errors }) => errors.map(({ code }) => code))).toEqual(['ACCOUNTS_LAST_ADMIN'])
    const admins = await accounts.sql(
      `SELECT username FROM users JOIN user_roles ON user_id = id WHERE role = 'admin' AND is_active`,
    )
    expect(admins).toHaveLength(1)
  })

  test('nobody but a person', async () => {
    const input = { confirm: 'x' }
    expect((await anybody().refusal(ERASE, { input })).code).toBe('UNAUTHENTICATED')
    const key = accounts.as(principals.partner('write:games'))
    expect((await key.refusal(ERASE, { input })).code).toBe('FORBIDDEN')
  })
})

describe('ACC-21: asking how an erasure went', () => {
  test('is for whoever manages users', async () => {
    const person = await accounts.person()
    const { id } = (await erase(person)).eraseAccount.erasure
    const operator = accounts.as(principals.userWithScopes('manage:users'))
    expect(await operator.ok(ERASURE, { id })).toEqual({
      erasure: { id, state: 'COMPLETE', receipts: [{ subgraph: 'accounts' }] },
    })
    for (const unknown of [randomUUID(), 'x']) {
      expect(await operator.ok(ERASURE, { id: unknown })).toEqual({ erasure: null })
    }
    expect((await person.refusal(ERASURE, { id })).code).toBe('FORBIDDEN')
    expect((await anybody().refusal(ERASURE, { id })).code).toBe('UNAUTHENTICATED')
  })

  test('waits while a receipt is missing', async () => {
    const person = await accounts.person()
    const id = randomUUID()
    await accounts.sql('INSERT INTO erasures (id, user_id) VALUES ($1, $2)', [id, person.id])
    const operator = accounts.as(principals.userWithScopes('manage:users'))
    expect(await operator.ok(ERASURE, { id })).toEqual({ erasure: { id, state: 'REQUESTED', receipts: [] } })
  })
})
