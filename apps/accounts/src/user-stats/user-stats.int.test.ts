import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { principals, statementsDuring } from '@courtside/testing'
import pg from 'pg'
import { type AccountsHarness, openAccounts } from '../testing/open-accounts.ts'

let accounts: AccountsHarness
beforeAll(async () => {
  accounts = await openAccounts()
})
afterAll(() => accounts.close())

const STATS = `query ($ids: [_Any!]!) {
  _entities(representations: $ids) { ... on User { id stats { followersCount followingCount membersCount } } }
}`
const statsOf = async (...ids: readonly string[]) => {
  const representations = ids.map((id) => ({ __typename: 'User', id }))
  const answer = await accounts
    .as(principals.anonymous)
    .ok<{ _entities: { stats: object }[] }>(STATS, { ids: representations })
  return answer._entities.map(({ stats }) => stats)
}

describe('ACC-15, BUG-07: counts about a person', () => {
  test('many followers, follows and members do not multiply one another', async () => {
    const creator = await accounts.person('creator')
    const fans = await accounts.people('a', 'b', 'c', 'd', 'e')
    for (const [place, fan] of fans.entries()) {
      await accounts.sql(
        'INSERT INTO follows (id, follower_id, following_id) VALUES (gen_random_uuid(), $1, $2)',
        [fan.id, creator.id],
      )
      if (place < 3) {
        await accounts.sql(
          'INSERT INTO subscriptions (id, subscriber_id, creator_id) VALUES (gen_random_uuid(), $1, $2)',
          [fan.id, creator.id],
        )
      }
    }
    await accounts.sql(
      `INSERT INTO follows (id, follower_id, team_id)
       SELECT gen_random_uuid(), $1, gen_random_uuid() FROM generate_series(1, 4)`,
      [creator.id],
    )
    const [of, ofFan] = await statsOf(creator.id, fans[0].id)
    expect(of).toEqual({ followersCount: 5, followingCount: 4, membersCount: 3 })
    expect(ofFan).toEqual({ followersCount: 0, followingCount: 1, membersCount: 0 })
  })

  test('an ended membership does not count, nor one that ran out', async () => {
    const [creator, lasting, ranOut, ended] = await accounts.people('creator', 'lasting', 'ran-out', 'ended')
    await accounts.sql(
      `INSERT INTO subscriptions (id, subscriber_id, creator_id, created_at, expires_at, is_active, ended_at) VALUES
         (gen_random_uuid(), $1, $4, '2026-01-01', now() + interval '1 hour', true, NULL),
         (gen_random_uuid(), $2, $4, '2026-01-01', now() - interval '1 ms', true, NULL),
         (gen_random_uuid(), $3, $4, '2026-01-01', NULL, false, now())`,
      [lasting.id, ranOut.id, ended.id, creator.id],
    )
    expect(await statsOf(creator.id)).toEqual([{ followersCount: 0, followingCount: 0, membersCount: 1 }])
  })

  test.each([
    [1, 'a millisecond before it runs out, a membership counts'],
    [0, 'at the very moment it runs out, it does not'],
  ])('%i: %s', async (membersCount) => {
    const [creator, fan] = await accounts.people('creator', 'fan')
    // Within a transaction the database's clock stands still, so the moment can be hit exactly.
    const client = new pg.Client({ connectionString: accounts.database.adminUrl })
    await client.connect()
    try {
      await client.query('BEGIN')
      await client.query(
        `INSERT INTO subscriptions (id, subscriber_id, creator_id, created_at, expires_at) VALUES
           (gen_random_uuid(), $1, $2, '2026-01-01', date_trunc('milliseconds', now()) + $3 * interval '1 ms')`,
        [fan.id, creator.id, membersCount],
      )
      const { rows } = await client.query('SELECT subscribers_count FROM user_stats WHERE id = $1', [
        creator.id,
      ])
      expect(rows).toEqual([{ subscribers_count: membersCount }])
    } finally {
      await client.end()
    }
  })

  test('many people are counted with one statement', async () => {
    const people = await accounts.people('a', 'b', 'c')
    const { statements } = await statementsDuring(() => statsOf(...people.map(({ id }) => id)))
    expect(statements.filter((text) => text.includes('user_stats'))).toHaveLength(1)
  })
})
