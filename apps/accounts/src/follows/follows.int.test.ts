import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { statementsDuring } from '@courtside/testing'
import { type AccountsHarness, openAccounts, type Person } from '../testing/open-accounts.ts'

let accounts: AccountsHarness
beforeAll(async () => {
  accounts = await openAccounts()
})
afterAll(() => accounts.close())

const FOLLOW = `mutation ($input: FollowInput!) {
  follow(input: $input) {
    followedAt
    target { __typename ... on User { id } ... on Team { id } ... on Player { id } }
    me { id }
  }
}`
const UNFOLLOW = `mutation ($input: UnfollowInput!) {
  unfollow(input: $input) { target { __typename ... on User { id } ... on Team { id } ... on Player { id } } me { id } }
}`
const FOLLOWS = `query ($type: FollowTargetType, $first: Int, $after: String, $last: Int, $before: String) {
  me {
    follows(type: $type, first: $first, after: $after, last: $last, before: $before) {
      edges {
        cursor
        followedAt
        node { __typename ... on User { id username } ... on Team { id } ... on Player { id } }
      }
      pageInfo { hasNextPage hasPreviousPage endCursor startCursor }
      totalCount
    }
  }
}`
const FOLLOWERS = `{ me { followers { edges { followedAt node { id } } totalCount } } }`

interface FollowPayload {
  follow: { followedAt: string; target: { __typename: string; id: string }; me: { id: string } }
}
interface FollowList {
  me: {
    follows: {
      edges: { cursor: string; followedAt: string; node: { __typename: string; id: string } | null }[]
      pageInfo: {
        hasNextPage: boolean
        hasPreviousPage: boolean
        startCursor: string | null
        endCursor: string | null
      }
      totalCount: number
    }
  }
}

const follow = (person: Person, input: object) => person.ok<FollowPayload>(FOLLOW, { input })
const followsOf = async (person: Person, variables: object = {}) =>
  (await person.ok<FollowList>(FOLLOWS, variables)).me.follows
const followerIds = async (person: Person) =>
  (
    await person.ok<{ me: { followers: { edges: { node: { id: string } }[] } } }>(FOLLOWERS)
  ).me.followers.edges.map(({ node }) => node.id)

describe('ACC-07: following', () => {
  test('a person follows people, teams and players, and lists them newest first', async () => {
    const [fan, friend] = await accounts.people('fan', 'friend')
    const [teamId, playerId] = [randomUUID(), randomUUID()]
    await follow(fan, { userId: friend.id })
    await follow(fan, { teamId })
    const { follow: last } = await follow(fan, { playerId })
    expect(last).toEqual({
      followedAt: expect.any(String),
      target: { __typename: 'Player', id: playerId },
      me: { id: fan.id },
    })

    const list = await followsOf(fan)
    expect(list.edges.map(({ node }) => node)).toEqual([
      { __typename: 'Player', id: playerId },
      { __typename: 'Team', id: teamId },
      { __typename: 'User', id: friend.id, username: friend.username },
    ])
    expect(list.edges[0]?.followedAt).toBe(last.followedAt)
    expect(list.totalCount).toBe(3)
    expect(await followerIds(friend)).toEqual([fan.id])
  })

  test('following twice is following once, and the first time counts', async () => {
    const fan = await accounts.person()
    const teamId = randomUUID()
    const first = await follow(fan, { teamId })
    const second = await follow(fan, { teamId: teamId.toUpperCase() })
    expect(second).toEqual(first)
    expect((await followsOf(fan)).totalCount).toBe(1)
  })

  test('many at once follow once', async () => {
    const [fan, star] = await accounts.people('fan', 'star')
    const answers = await Promise.all(Array.from({ length: 8 }, () => follow(fan, { userId: star.id })))
    expect(new Set(answers.map((answer) => answer.follow.followedAt)).size).toBe(1)
    expect(await followerIds(star)).toEqual([fan.id])
  })

  test('unfollowing is quiet, also when it was not followed', async () => {
    const fan = await accounts.person()
    const teamId = randomUUID()
    await follow(fan, { teamId })
    for (let time = 0; time < 2; time++) {
      expect(await fan.ok(UNFOLLOW, { input: { teamId } })).toEqual({
        unfollow: { target: { __typename: 'Team', id: teamId }, me: { id: fan.id } },
      })
    }
    expect((await followsOf(fan)).totalCount).toBe(0)
  })

  test('unfollowing a person who never was answers with nobody', async () => {
    const fan = await accounts.person()
    const answer = await fan.ok<{ unfollow: { target: null } }>(UNFOLLOW, { input: { userId: randomUUID() } })
    expect(answer.unfollow.target).toBeNull()
  })

  test('nobody follows themselves', async () => {
    const fan = await accounts.person()
    for (const userId of [fan.id, fan.id.toUpperCase()]) {
      const refused = await fan.refusal(FOLLOW, { input: { userId } })
      expect(refused.code).toBe('ACCOUNTS_CANNOT_FOLLOW_ONESELF')
    }
  })

  test.each([
    ['nothing', () => ({})],
    ['two things', () => ({ teamId: randomUUID(), playerId: randomUUID() })],
    ['nulls', () => ({ teamId: null, userId: null, playerId: null })],
    ['no id', () => ({ teamId: "1' OR '1'='1" })],
    ['an empty id', () => ({ playerId: '' })],
    ['a huge id', () => ({ userId: 'a'.repeat(100_000) })],
  ])('following %s is refused', async (_, input) => {
    const fan = await accounts.person()
    const refused = await fan.refusal(FOLLOW, { input: input() })
    expect(refused.code).toBe('BAD_USER_INPUT')
    expect((await followsOf(fan)).totalCount).toBe(0)
  })

  test('people who are unknown, switched off or erased cannot be followed, and look alike', async () => {
    const [fan, gone, erased] = await accounts.people('fan', 'gone', 'erased')
    await accounts.sql('UPDATE users SET is_active = false WHERE id = ANY($1)', [[gone.id, erased.id]])
    await accounts.sql('UPDATE users SET erased_at = now() WHERE id = $1', [erased.id])
    for (const userId of [randomUUID(), gone.id, erased.id]) {
      const refused = await fan.refusal(FOLLOW, { input: { userId } })
      expect(refused).toMatchObject({
        code: 'ACCOUNTS_USER_NOT_FOUND',
        message: 'There is no such person. Check the id.',
      })
    }
  })

  test('whoever the person blocked cannot follow them, and is told what an unknown id would be told', async () => {
    const [blocker, blocked] = await accounts.people('blocker', 'blocked')
    await accounts.sql('INSERT INTO user_blocks (blocker_id, blocked_id) VALUES ($1, $2)', [
      blocker.id,
      blocked.id,
    ])
    const refused = await blocked.refusal(FOLLOW, { input: { userId: blocker.id } })
    const unknown = await blocked.refusal(FOLLOW, { input: { userId: randomUUID() } })
    expect(refused).toEqual(unknown)
    // Nor does the blocker follow on: a block ends it for both.
    expect((await blocker.refusal(FOLLOW, { input: { userId: blocked.id } })).code).toBe(
      'ACCOUNTS_USER_NOT_FOUND',
    )
  })

  test('somebody who already follows 5000 is told to unfollow first', async () => {
    const fan = await accounts.person()
    await accounts.sql(
      `INSERT INTO follows (id, follower_id, team_id)
       SELECT gen_random_uuid(), $1, gen_random_uuid() FROM generate_series(1, 4999)`,
      [fan.id],
    )
    await follow(fan, { teamId: randomUUID() })
    const refused = await fan.refusal(FOLLOW, { input: { teamId: randomUUID() } })
    expect(refused.code).toBe('ACCOUNTS_TOO_MANY_FOLLOWS')
  })
})

describe('ACC-07: lists of follows', () => {
  test('pages join without a gap, forward and backward, also among follows of the same moment', async () => {
    const fan = await accounts.person()
    await accounts.sql(
      `INSERT INTO follows (id, follower_id, team_id, created_at)
       SELECT gen_random_uuid(), $1, gen_random_uuid(), '2026-11-20T12:00:00Z'::timestamptz + (n / 3) * interval '1 ms'
       FROM generate_series(1, 10) AS n`,
      [fan.id],
    )
    const all = (await followsOf(fan, { first: 100 })).edges.map(({ node }) => node?.id)
    expect(new Set(all).size).toBe(10)

    const forward: unknown[] = []
    let after: string | null = null
    do {
      const page: FollowList['me']['follows'] = await followsOf(fan, { first: 4, after })
      forward.push(...page.edges.map(({ node }) => node?.id))
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
    } while (after !== null)
    expect(forward).toEqual(all)

    const backward: unknown[] = []
    let before: string | null = null
    do {
      const page: FollowList['me']['follows'] = await followsOf(fan, { last: 4, before })
      backward.unshift(...page.edges.map(({ node }) => node?.id))
      before = page.pageInfo.hasPreviousPage ? page.pageInfo.startCursor : null
    } while (before !== null)
    expect(backward).toEqual(all)
  })

  test('a list of one kind holds and counts that kind alone', async () => {
    const [fan, friend] = await accounts.people('fan', 'friend')
    await follow(fan, { userId: friend.id })
    await follow(fan, { teamId: randomUUID() })
    await follow(fan, { playerId: randomUUID() })
    for (const [type, typename] of [
      ['USER', 'User'],
      ['TEAM', 'Team'],
      ['PLAYER', 'Player'],
    ]) {
      const list = await followsOf(fan, { type })
      expect(list.edges.map(({ node }) => node?.__typename)).toEqual([typename])
      expect(list.totalCount).toBe(1)
    }
  })

  test('a person who was erased is still listed, without a name', async () => {
    const [fan, friend] = await accounts.people('fan', 'friend')
    await follow(fan, { userId: friend.id })
    await accounts.sql('UPDATE users SET is_active = false, erased_at = now() WHERE id = $1', [friend.id])
    const [edge] = (await followsOf(fan)).edges
    expect(edge?.node).toEqual({ __typename: 'User', id: friend.id, username: `deleted-${friend.id}` })
  })

  test.each([
    ['first: 0', { first: 0 }],
    ['first: 101', { first: 101 }],
    ['both directions', { first: 1, last: 1 }],
    ['a forged cursor', { first: 1, after: 'x' }],
    ['a cursor whose id is none', { first: 1, after: btoa('["2026-11-20T12:00:00.000Z","x"]') }],
    ['a cursor whose time is none', { first: 1, after: btoa('["yesterday","x"]') }],
  ])('%s is refused', async (_, variables) => {
    const fan = await accounts.person()
    expect((await fan.refusal(FOLLOWS, variables)).code).toBe('BAD_USER_INPUT')
  })

  test('asks for the people of a page at once', async () => {
    const [fan, ...friends] = await accounts.people('fan', 'ann', 'bob', 'cleo', 'dan', 'eve')
    for (const friend of friends) await follow(fan, { userId: friend.id })
    const { statements } = await statementsDuring(() => followsOf(fan))
    expect(statements.filter((text) => text.includes('user_profiles'))).toHaveLength(1)
  })
})

describe('ACC-07: asking whether one follows', () => {
  test('answers for each kind, with one query however many are asked', async () => {
    const [fan, friend, stranger] = await accounts.people('fan', 'friend', 'stranger')
    const [teamId, playerId] = [randomUUID(), randomUUID()]
    await follow(fan, { userId: friend.id })
    await follow(fan, { teamId })
    const { result, statements } = await statementsDuring(() =>
      fan.ok<{ me: Record<string, boolean> }>(
        `query ($friend: ID!, $stranger: ID!, $team: ID!, $upperCase: ID!, $player: ID!) {
          me {
            friend: isFollowing(targetId: $friend)
            stranger: isFollowing(targetId: $stranger)
            team: isFollowing(targetId: $team)
            upperCase: isFollowing(targetId: $upperCase)
            player: isFollowing(targetId: $player)
            noId: isFollowing(targetId: "x")
          }
        }`,
        {
          friend: friend.id,
          stranger: stranger.id,
          team: teamId,
          upperCase: teamId.toUpperCase(),
          player: playerId,
        },
      ),
    )
    expect(result.me).toEqual({
      friend: true,
      stranger: false,
      team: true,
      upperCase: true,
      player: false,
      noId: false,
    })
    expect(statements.filter((text) => text.includes('"follows"'))).toHaveLength(1)
  })
})
