import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { principals, statementsDuring } from '@courtside/testing'
import pg from 'pg'
import { type AccountsHarness, openAccounts, type Person } from '../testing/open-accounts.ts'

let accounts: AccountsHarness
beforeAll(async () => {
  accounts = await openAccounts()
})
afterAll(() => accounts.close())

const PROFILE = 'id username displayName avatarUrl bio isVerified createdAt'
const USERS = `query ($search: String, $first: Int, $after: String, $last: Int, $before: String) {
  users(search: $search, first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node { username } }
    pageInfo { hasNextPage hasPreviousPage }
    totalCount
  }
}`
const UPDATE = `mutation ($input: UpdateProfileInput!) {
  updateProfile(input: $input) { me { id user { ${PROFILE} } } }
}`
const ENTITIES = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on User { ${PROFILE} } ... on Me { id email } }
}`

interface Profile {
  id: string
  username: string
  displayName: string | null
  avatarUrl: string | null
  bio: string | null
  isVerified: boolean
}
interface UserList {
  edges: { cursor: string; node: { username: string } }[]
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean }
  totalCount: number
}

const cursor = (name: string) => Buffer.from(JSON.stringify([name])).toString('base64url')
const anybody = () => accounts.as(principals.anonymous)
const users = async (variables: object) => (await anybody().ok<{ users: UserList }>(USERS, variables)).users
const names = (list: UserList) => list.edges.map(({ node }) => node.username)
const user = async (id: string) =>
  (await anybody().ok<{ user: Profile | null }>(`query ($id: ID!) { user(id: $id) { ${PROFILE} } }`, { id }))
    .user
const byUsername = async (username: string) =>
  (
    await anybody().ok<{ userByUsername: Profile | null }>(
      `query ($username: String!) { userByUsername(username: $username) { ${PROFILE} } }`,
      { username },
    )
  ).userByUsername
const entities = async (asker: Pick<Person, 'ok'>, ...representations: object[]) =>
  (await asker.ok<{ _entities: (Profile | null)[] }>(ENTITIES, { representations }))._entities
const switchOff = (id: string) => accounts.sql('UPDATE users SET is_active = false WHERE id = $1', [id])
const erase = (id: string) =>
  accounts.sql('UPDATE users SET is_active = false, erased_at = now() WHERE id = $1', [id])

describe('ACC-01: a person', () => {
  test('is found by everybody, by id and by name in any case, without what is private', async () => {
    const anna = await accounts.person('anna')
    const found = await user(anna.id)
    expect(found).toMatchObject({ id: anna.id, username: anna.username, isVerified: false, bio: null })
    expect(await byUsername(anna.username.toUpperCase())).toEqual(found)
    expect((await anybody().refusal('{ users { edges { node { email } } } }')).message).toMatch(/email/)
  })

  test.each([randomUUID(), 'not-an-id', '', "'; DROP TABLE users; --", '\u0000'])(
    'is not found under %j',
    async (text) => {
      expect(await user(text)).toBeNull()
      expect(await byUsername(text)).toBeNull()
    },
  )

  test('whose account is switched off is referred to by name, and not found any more', async () => {
    const bo = await accounts.person('bo')
    await accounts.sql(`UPDATE users SET bio = 'secret', display_name = 'Bo' WHERE id = $1`, [bo.id])
    await switchOff(bo.id)
    expect([await user(bo.id), await byUsername(bo.username)]).toEqual([null, null])
    expect(names(await users({ search: bo.username }))).toEqual([])
    const [referred] = await entities(anybody(), { __typename: 'User', id: bo.id })
    expect(referred).toMatchObject({ username: bo.username, displayName: null, bio: null })
  })

  test('who was erased is an empty shell', async () => {
    const cleo = await accounts.person('cleo')
    await accounts.sql(`UPDATE users SET bio = 'left behind' WHERE id = $1`, [cleo.id])
    await erase(cleo.id)
    expect(await user(cleo.id)).toBeNull()
    const [referred] = await entities(anybody(), { __typename: 'User', id: cleo.id })
    expect(referred).toMatchObject({ username: `deleted-${cleo.id}`, displayName: null, bio: null })
  })

  test('is resolved for other subgraphs with all the others of the operation, in one statement', async () => {
    const people = await accounts.people('one', 'two', 'three')
    const representations = [...people, { id: 'not-an-id' }, { id: randomUUID() }].map(({ id }) => ({
      __typename: 'User',
      id,
    }))
    const { result, statements } = await statementsDuring(() => entities(anybody(), ...representations))
    expect(result.map((found) => found?.username)).toEqual([
      ...people.map(({ username }) => username),
      undefined,
      undefined,
    ])
    expect(statements).toHaveLength(1)
  })
})

describe('ACC-02: the list of people', () => {
  test('goes by name, page by page, there and back', async () => {
    for (const name of ['m-delta', 'M-alpha', 'm-charlie', 'm-bravo']) {
      const id = randomUUID()
      await accounts.sql('INSERT INTO users (id, username, email) VALUES ($1, $2, $3)', [
        id,
        name,
        `${id}@example.com`,
      ])
    }
    const first = await users({ search: 'm-', first: 3 })
    expect(names(first)).toEqual(['M-alpha', 'm-bravo', 'm-charlie'])
    expect(first.totalCount).toBe(4)
    const next = await users({ search: 'm-', first: 3, after: first.edges[2]?.cursor })
    expect(names(next)).toEqual(['m-delta'])
    expect(next.pageInfo).toEqual({ hasNextPage: false, hasPreviousPage: true })
    const back = await users({ search: 'm-', last: 2, before: next.edges[0]?.cursor })
    expect(names(back)).toEqual(['m-bravo', 'm-charlie'])
  })

  test('is searched for parts of user and display names, and takes signs for themselves', async () => {
    const dora = await accounts.person('d_ra')
    const dara = await accounts.person('dxra')
    await accounts.sql(`UPDATE users SET display_name = 'Dora 100%' WHERE id = $1`, [dora.id])
    expect(names(await users({ search: 'D_RA' }))).toEqual([dora.username])
    expect(names(await users({ search: '100%' }))).toEqual([dora.username])
    expect(names(await users({ search: dara.username.slice(1) }))).toEqual([dara.username])
    expect(names(await users({ search: '\\' }))).toEqual([])
  })

  test.each([
    [{ first: 101 }, /from 1 to 100/],
    [{ after: 'WyJ4Iiwi' }, /cursor/],
    [{ after: cursor('a\u0000') }, /cursor/],
    [{ search: 'a\u0000' }, /control or invisible characters/],
  ])('refuses %j', async (variables, message) => {
    const refusal = await anybody().refusal(USERS, variables)
    expect([refusal.code, refusal.message]).toEqual(['BAD_USER_INPUT', expect.stringMatching(message)])
  })
})

describe('ACC-02: among many people', () => {
  beforeAll(async () => {
    await accounts.sql(
      `INSERT INTO users (id, username, email, display_name)
       SELECT gen_random_uuid(), 'crowd-' || substr(md5(n::text), 1, 12), n || '@crowd.example', md5((n * 7)::text)
       FROM generate_series(1, 20000) AS n`,
    )
    await accounts.sql('ANALYZE users')
  })

  /** How Postgres would carry out, for the application, what the work asks of the view of people. */
  async function planOf(work: () => Promise<unknown>, values: readonly unknown[]): Promise<string> {
    const { statements } = await statementsDuring(work)
    const app = new pg.Client({ connectionString: accounts.database.appUrl })
    await app.connect()
    try {
      const [statement = ''] = statements.filter((text) => text.includes('user_profiles'))
      const { rows } = await app.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${statement}`, [...values])
      return rows.map((row) => row['QUERY PLAN']).join('\n')
    } finally {
      await app.end()
    }
  }

  test.each([
    ['a user name', 'users_username_key', () => byUsername('nobody'), ['nobody', 1, 0]],
    ['a part of a name', 'users_names_idx', () => users({ search: 'anna' }), ['%anna%', '%anna%', 21]],
    ['the next page', 'users_username_key', () => users({ after: cursor('crowd-5') }), ['crowd-5', 21]],
    ['an id', 'users_pkey', () => user(randomUUID()), [randomUUID(), 0]],
  ])('%s is found by its index', async (_what, index, work, values) => {
    const plan = await planOf(work, values)
    expect(plan).toContain(index)
    expect(plan).not.toContain('Seq Scan on users')
  })

  test('an account is found by its name or address without reading the others, by the system alone', async () => {
    const person = await accounts.person()
    const app = new pg.Client({ connectionString: accounts.database.appUrl })
    await app.connect()
    try {
      const idOf = async (login: string) =>
        (await app.query<{ id: string | null }>('SELECT user_id_of($1) AS id', [login])).rows[0]?.id
      expect(await idOf(person.email)).toBeNull()
      await app.query(`BEGIN; SELECT set_config('app.system', 'on', true)`)
      expect([await idOf(person.email.toUpperCase()), await idOf(person.username)]).toEqual([
        person.id,
        person.id,
      ])
      const { rows } = await app.query<{ 'QUERY PLAN': [{ Plan: Record<string, number> }] }>(
        'EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT user_id_of($1)',
        [person.email],
      )
      const { 'Shared Hit Blocks': hit = 0, 'Shared Read Blocks': read = 0 } = rows[0]!['QUERY PLAN'][0].Plan
      expect(hit + read).toBeLessThan(30)
    } finally {
      await app.end()
    }
  })
})

describe('ACC-01: one’s own account', () => {
  test('is nobody’s who is not signed in as a person', async () => {
    const askers = [principals.anonymous, principals.partner('write:games'), principals.service('gateway')]
    for (const asker of askers) expect(await accounts.as(asker).ok('{ me { id } }')).toEqual({ me: null })
  })

  test('shows what others do not see', async () => {
    const emil = await accounts.person('emil')
    const { me } = await emil.ok<{ me: object }>(
      '{ me { id email roles scopes isActive lastLoginAt user { username } } }',
    )
    expect(me).toEqual({
      id: emil.id,
      email: emil.email,
      roles: ['VIEWER'],
      scopes: ['write:chat'],
      isActive: true,
      lastLoginAt: null,
      user: { username: emil.username },
    })
  })

  test('is resolved for other subgraphs for its owner alone', async () => {
    const [fay, gus] = await accounts.people('fay', 'gus')
    const representation = { __typename: 'Me', id: fay.id }
    expect(await entities(fay, representation)).toEqual([{ id: fay.id, email: fay.email }])
    for (const other of [gus, accounts.as(principals.user('admin')), anybody()]) {
      expect(await entities(other, representation)).toEqual([null])
    }
  })
})

describe('ACC-01: a profile', () => {
  const update = async (person: Person, input: object) =>
    (await person.ok<{ updateProfile: { me: { id: string; user: Profile } } }>(UPDATE, { input }))
      .updateProfile.me

  test('changes where something is given, stays where nothing is, and is emptied by null', async () => {
    const hana = await accounts.person('hana')
    const full = { displayName: '  Hana Ito ', avatarUrl: 'https://img.example/hana.png', bio: 'Libero' }
    expect((await update(hana, full)).user).toMatchObject({ ...full, displayName: 'Hana Ito' })
    const { user: changed, id } = await update(hana, { bio: null })
    expect([id, changed.displayName, changed.bio]).toEqual([hana.id, 'Hana Ito', null])
    expect(await user(hana.id)).toMatchObject({ displayName: 'Hana Ito', bio: null })
  })

  test('takes a new name that nobody has, and no other', async () => {
    const [ida, jon] = await accounts.people('ida', 'jon')
    const taken = await ida.refusal(UPDATE, { input: { username: jon.username.toUpperCase() } })
    expect(taken.code).toBe('ACCOUNTS_USERNAME_TAKEN')
    const name = `ida.${ida.id.slice(0, 8)}`
    expect((await update(ida, { username: name })).user.username).toBe(name)
  })

  test.each([
    ['a reserved name', { username: 'admin' }, /username: is reserved/],
    ['a short name', { username: 'x' }, /username: must have 3 to 50/],
    ['no name', { username: null }, /username/],
    ['an empty display name', { displayName: '' }, /displayName: must have 1 to 100/],
    ['a bell in a name', { displayName: 'a\u0007' }, /control or invisible characters/],
    ['a password in an address', { avatarUrl: 'https://user:pass@img.example' }, /avatarUrl/],
    ['a long story', { bio: 'x'.repeat(2_001) }, /bio: must have at most 2000/],
  ])('refuses %s', async (_what, input, message) => {
    const kim = await accounts.person('kim')
    const refusal = await kim.refusal(UPDATE, { input })
    expect([refusal.code, refusal.message]).toEqual(['BAD_USER_INPUT', expect.stringMatching(message)])
  })

  test('tells all faults at once', async () => {
    const lea = await accounts.person('lea')
    const refusal = await lea.refusal(UPDATE, { input: { username: '!', bio: 'x'.repeat(2_001) } })
    expect(refusal.extensions['faults']).toEqual([
      expect.objectContaining({ path: ['username'] }),
      expect.objectContaining({ path: ['bio'] }),
    ])
  })

  test('belongs to people: nobody else has one to change', async () => {
    const refusalOf = async (asker: Pick<Person, 'refusal'>) =>
      (await asker.refusal(UPDATE, { input: {} })).code
    expect(await refusalOf(anybody())).toBe('UNAUTHENTICATED')
    expect(await refusalOf(accounts.as(principals.partner('write:games')))).toBe('FORBIDDEN')
  })
})
