import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type AccountsHarness, openAccounts } from '../testing/open-accounts.ts'

let accounts: AccountsHarness
beforeAll(async () => {
  accounts = await openAccounts()
})
afterAll(() => accounts.close())

describe('several mutations in one operation', () => {
  test('each answers with what is so after it, not with what an earlier one had loaded', async () => {
    const [fan, star] = await accounts.people('fan', 'star')
    const answer = await fan.ok(
      `mutation ($star: ID!, $team: ID!) {
        first: follow(input: { teamId: $team }) { me { isFollowing(targetId: $star) user { stats { followingCount } } } }
        second: follow(input: { userId: $star }) {
          target { ... on User { stats { followersCount } } }
          me { isFollowing(targetId: $star) user { stats { followingCount } } }
        }
        third: unfollow(input: { userId: $star }) {
          target { ... on User { stats { followersCount } } }
          me { isFollowing(targetId: $star) user { stats { followingCount } } }
        }
      }`,
      { star: star.id, team: randomUUID() },
    )
    expect(answer).toEqual({
      first: { me: { isFollowing: false, user: { stats: { followingCount: 1 } } } },
      second: {
        target: { stats: { followersCount: 1 } },
        me: { isFollowing: true, user: { stats: { followingCount: 2 } } },
      },
      third: {
        target: { stats: { followersCount: 0 } },
        me: { isFollowing: false, user: { stats: { followingCount: 1 } } },
      },
    })
  })
})
