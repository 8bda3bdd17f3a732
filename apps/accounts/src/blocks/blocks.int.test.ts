import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type AccountsHarness, openAccounts, type Person } from '../testing/open-accounts.ts'

let accounts: AccountsHarness
beforeAll(async () => {
  accounts = await openAccounts()
})
afterAll(() => accounts.close())

const BLOCK = `mutation ($userId: ID!) {
  blockUser(input: { userId: $userId }) { user { id } blockedAt me { id blocks { totalCount } } }
}`
const UNBLOCK = `mutation ($userId: ID!) {
  unblockUser(input: { userId: $userId }) { user { id } me { blocks { totalCount } } }
}`
const MUTE = `mutation ($userId: ID!, $expiresAt: DateTime) {
  muteUser(input: { userId: $userId, expiresAt: $expiresAt }) { user { id } mutedAt expiresAt me { mutes { totalCount } } }
}`
const UNMUTE = `mutation ($userId: ID!) {
  unmuteUser(input: { userId: $userId }) { user { id } me { mutes { totalCount } } }
}`
const LISTS = `query ($first: Int, $after: String) {
  me {
    blocks(first: $first, after: $after) {
      edges { blockedAt node { id } } pageInfo { hasNextPage endCursor } totalCount
    }
    mutes(first: $first, after: $after) {
      edges { mutedAt expiresAt node { id } } pageInfo { hasNextPage endCursor } totalCount
    }
  }
}`

interface List<Extra> {
  edges: ({ node: { id: string } } & Extra)[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
  totalCount: number
}
interface Lists {
  me: { blocks: List<{ blockedAt: string }>; mutes: List<{ mutedAt: string; expiresAt: string | null }> }
}
interface Muted {
  muteUser: { mutedAt: string; expiresAt: string | null }
}

const block = (person: Person, userId: string) =>
  person.ok<{ blockUser: { blockedAt: string } }>(BLOCK, { userId })
const listsOf = async (person: Person, variables: object = {}) =>
  (await person.ok<Lists>(LISTS, variables)).me
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString()

describe('ACC-19: blocking', () => {
  test('a block is listed for whoever made it, and for nobody else', async () => {
    const [ann, bob] = await accounts.people('ann', 'bob')
    expect(await block(ann, bob.id)).toEqual({
      blockUser: {
        user: { id: bob.id },
        blockedAt: expect.any(String),
        me: { id: ann.id, blocks: { totalCount: 1 } },
      },
    })
    expect((await listsOf(ann)).blocks.edges).toMatchObject([{ node: { id: bob.id } }])
    expect((await listsOf(bob)).blocks).toMatchObject({ edges: [], totalCount: 0 })
  })

  test('blocking ends the follows in both directions, and unblocking does not bring them back', async () => {
    const [ann, bob, cleo] = await accounts.people('ann', 'bob', 'cleo')
    const follow = (person: Person, userId: string) =>
      person.ok(`mutation ($userId: ID!) { follow(input: { userId: $userId }) { followedAt } }`, { userId })
    await Promise.all([follow(ann, bob.id), follow(bob, ann.id), follow(ann, cleo.id), follow(cleo, bob.id)])
    const followed = async () =>
      (
        await accounts.sql<{ pair: string[] }>(
          'SELECT ARRAY[follower_id, following_id] AS pair FROM follows WHERE follower_id = ANY($1) ORDER BY 1',
          [[ann.id, bob.id, cleo.id]],
        )
      ).map(({ pair }) => pair)
    const others = [
      [ann.id, cleo.id],
      [cleo.id, bob.id],
    ].sort()

    await block(ann, bob.id)
    expect(await followed()).toEqual(others)
    await ann.ok(UNBLOCK, { userId: bob.id })
    expect(await followed()).toEqual(others)
    await follow(bob, ann.id)
    expect(await followed()).toHaveLength(3)
  })

  test('blocking twice is blocking once, also at the same moment; unblocking is quiet', async () => {
    const [ann, bob] = await accounts.people('ann', 'bob')
    const answers = await Promise.all(
      [bob.id, bob.id.toUpperCase(), bob.id, bob.id].map((id) => block(ann, id)),
    )
    expect(new Set(answers.map(({ blockUser }) => blockUser.blockedAt)).size).toBe(1)
    for (let time = 0; time < 2; time++) {
      expect(await ann.ok(UNBLOCK, { userId: bob.id })).toEqual({
        unblockUser: { user: { id: bob.id }, me: { blocks: { totalCount: 0 } } },
      })
    }
  })

  test('blocks page newest first', async () => {
    const ann = await accounts.person('ann')
    const others = await accounts.people('b', 'c', 'd', 'e', 'f')
    for (const other of others) await block(ann, other.id)
    const seen: string[] = []
    let after: string | null = null
    do {
      const { blocks }: Lists['me'] = await listsOf(ann, { first: 2, after })
      seen.push(...blocks.edges.map(({ node }) => node.id))
      after = blocks.pageInfo.hasNextPage ? blocks.pageInfo.endCursor : null
    } while (after !== null)
    expect(seen).toEqual(others.map(({ id }) => id).reverse())
  })

  test('refuses oneself, the unknown and what is no id', async () => {
    const ann = await accounts.person('ann')
    expect((await ann.refusal(BLOCK, { userId: ann.id })).code).toBe('ACCOUNTS_CANNOT_BLOCK_ONESELF')
    expect((await ann.refusal(BLOCK, { userId: ann.id.toUpperCase() })).code).toBe(
      'ACCOUNTS_CANNOT_BLOCK_ONESELF',
    )
    expect((await ann.refusal(MUTE, { userId: ann.id })).code).toBe('ACCOUNTS_CANNOT_MUTE_ONESELF')
    for (const document of [BLOCK, MUTE]) {
      expect((await ann.refusal(document, { userId: randomUUID() })).code).toBe('ACCOUNTS_USER_NOT_FOUND')
    }
    for (const document of [BLOCK, UNBLOCK, MUTE, UNMUTE]) {
      for (const userId of ['', 'bob', `${ann.id}'--`]) {
        expect((await ann.refusal(document, { userId })).code).toBe('BAD_USER_INPUT')
      }
    }
  })

  test('taking back what never was answers with nobody', async () => {
    const ann = await accounts.person('ann')
    const userId = randomUUID()
    expect(await ann.ok(UNBLOCK, { userId })).toMatchObject({ unblockUser: { user: null } })
    expect(await ann.ok(UNMUTE, { userId })).toMatchObject({ unmuteUser: { user: null } })
  })
})

describe('ACC-19: muting', () => {
  test('a mute lasts until it is taken back, or until its time', async () => {
    const [ann, bob, cleo] = await accounts.people('ann', 'bob', 'cleo')
    const expiresAt = inAnHour()
    await ann.ok(MUTE, { userId: bob.id })
    expect(await ann.ok(MUTE, { userId: cleo.id, expiresAt })).toEqual({
      muteUser: {
        user: { id: cleo.id },
        mutedAt: expect.any(String),
        expiresAt,
        me: { mutes: { totalCount: 2 } },
      },
    })
    expect((await listsOf(ann)).mutes.edges).toMatchObject([
      { node: { id: cleo.id }, expiresAt },
      { node: { id: bob.id }, expiresAt: null },
    ])
    expect((await listsOf(bob)).mutes.totalCount).toBe(0)

    await accounts.sql(`UPDATE user_mutes SET expires_at = now() - interval '1 ms' WHERE muted_id = $1`, [
      cleo.id,
    ])
    expect((await listsOf(ann)).mutes).toMatchObject({ edges: [{ node: { id: bob.id } }], totalCount: 1 })
    expect(await ann.ok(UNMUTE, { userId: bob.id })).toEqual({
      unmuteUser: { user: { id: bob.id }, me: { mutes: { totalCount: 0 } } },
    })
  })

  test('muting again sets the new end and keeps the beginning', async () => {
    const [ann, bob] = await accounts.people('ann', 'bob')
    const first = await ann.ok<Muted>(MUTE, { userId: bob.id })
    const expiresAt = inAnHour()
    const second = await ann.ok<Muted>(MUTE, { userId: bob.id, expiresAt })
    expect(second.muteUser).toMatchObject({ mutedAt: first.muteUser.mutedAt, expiresAt })
    const third = await ann.ok<Muted>(MUTE, { userId: bob.id })
    expect(third.muteUser).toMatchObject({ mutedAt: first.muteUser.mutedAt, expiresAt: null })
  })

  test('a mute that ran out begins anew', async () => {
    const [ann, bob] = await accounts.people('ann', 'bob')
    await accounts.sql(
      `INSERT INTO user_mutes (muter_id, muted_id, created_at, expires_at)
       VALUES ($1, $2, '2020-01-01', '2020-01-02')`,
      [ann.id, bob.id],
    )
    const { muteUser } = await ann.ok<Muted>(MUTE, { userId: bob.id })
    expect(new Date(muteUser.mutedAt).getUTCFullYear()).toBeGreaterThan(2020)
  })

  test('many at once leave one mute', async () => {
    const [ann, bob] = await accounts.people('ann', 'bob')
    await Promise.all(
      Array.from({ length: 6 }, () => ann.ok(MUTE, { userId: bob.id, expiresAt: inAnHour() })),
    )
    expect((await listsOf(ann)).mutes.totalCount).toBe(1)
  })

  test('a mute does not end in the past', async () => {
    const [ann, bob] = await accounts.people('ann', 'bob')
    for (const expiresAt of ['2020-01-01T00:00:00Z', new Date(Date.now() - 1_000).toISOString()]) {
      const refused = await ann.refusal(MUTE, { userId: bob.id, expiresAt })
      expect(refused).toMatchObject({
        code: 'BAD_USER_INPUT',
        extensions: { faults: [{ path: ['expiresAt'], message: 'must lie in the future' }] },
      })
    }
    expect((await listsOf(ann)).mutes.totalCount).toBe(0)
  })
})
