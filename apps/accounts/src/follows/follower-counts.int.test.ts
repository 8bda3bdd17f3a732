import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { principals, statementsDuring } from '@courtside/testing'
import { type AccountsHarness, openAccounts, type Person } from '../testing/open-accounts.ts'

let accounts: AccountsHarness
beforeAll(async () => {
  accounts = await openAccounts()
})
afterAll(() => accounts.close())

interface Target {
  teamId?: string
  playerId?: string
}
const follow = (person: Person, input: Target) =>
  person.ok('mutation ($input: FollowInput!) { follow(input: $input) { followedAt } }', { input })
const unfollow = (person: Person, input: Target) =>
  person.ok('mutation ($input: UnfollowInput!) { unfollow(input: $input) { me { id } } }', { input })

const COUNTS = `query ($of: [_Any!]!) {
  _entities(representations: $of) { ... on Team { id followerCount } ... on Player { id followerCount } }
}`
const countsOf = async (...targets: readonly Target[]) => {
  const of = targets.map(({ teamId, playerId }) =>
    teamId === undefined ? { __typename: 'Player', id: playerId } : { __typename: 'Team', id: teamId },
  )
  const { _entities } = await accounts
    .as(principals.anonymous)
    .ok<{ _entities: { id: string; followerCount: number }[] }>(COUNTS, { of })
  return _entities.map(({ followerCount }) => followerCount)
}
const drift = () => accounts.sql('SELECT * FROM verify_follower_counts()')

describe('ACC-07: how many follow a team or a player', () => {
  test('is for everybody to see, and nobody counts twice', async () => {
    const [ann, bob] = await accounts.people('ann', 'bob')
    const [teamId, playerId] = [randomUUID(), randomUUID()]
    await follow(ann, { teamId })
    await follow(ann, { teamId })
    await follow(bob, { teamId })
    await follow(bob, { playerId })
    expect(await countsOf({ teamId }, { playerId })).toEqual([2, 1])
    await unfollow(ann, { teamId })
    await unfollow(ann, { teamId })
    expect(await countsOf({ teamId }, { playerId })).toEqual([1, 1])
  })

  test('is told apart for a team and a player of the same id', async () => {
    const fan = await accounts.person()
    const id = randomUUID()
    await follow(fan, { teamId: id })
    expect(await countsOf({ teamId: id }, { playerId: id })).toEqual([1, 0])
  })

  test('is none for what nobody follows, or what is no id at all', async () => {
    expect(await countsOf({ teamId: randomUUID() }, { playerId: "1' OR '1'='1" }, { teamId: '' })).toEqual([
      0, 0, 0,
    ])
  })

  test('is the same by an id in capital letters', async () => {
    const fan = await accounts.person()
    const teamId = randomUUID()
    await follow(fan, { teamId })
    expect(await countsOf({ teamId: teamId.toUpperCase() })).toEqual([1])
  })

  test('leaves out whose account is switched off, and takes them in again', async () => {
    const fan = await accounts.person()
    const target = { teamId: randomUUID() }
    await follow(fan, target)
    const setActive = (isActive: boolean) =>
      accounts
        .as(principals.user('admin'))
        .ok('mutation ($input: SetUserActiveInput!) { setUserActive(input: $input) { account { id } } }', {
          input: { userId: fan.id, isActive },
        })
    await setActive(false)
    expect(await countsOf(target)).toEqual([0])
    await setActive(true)
    expect(await countsOf(target)).toEqual([1])
    await accounts.sql('UPDATE users SET is_active = false WHERE id = $1', [fan.id])
    await accounts.sql('DELETE FROM follows WHERE follower_id = $1', [fan.id])
    expect([await countsOf(target), await drift()]).toEqual([[0], []])
  })

  test('leaves out who is erased, or removed by a script', async () => {
    const [erased, removed, stays] = await accounts.people('erased', 'removed', 'stays')
    const [teamId, playerId] = [randomUUID(), randomUUID()]
    for (const fan of [erased, removed, stays]) {
      await follow(fan, { teamId })
      await follow(fan, { playerId })
    }
    await erased.ok('mutation ($input: EraseAccountInput!) { eraseAccount(input: $input) { __typename } }', {
      input: { confirm: erased.username },
    })
    expect(await countsOf({ teamId }, { playerId })).toEqual([2, 2])
    await accounts.sql('DELETE FROM users WHERE id = $1', [removed.id])
    expect(await countsOf({ teamId }, { playerId })).toEqual([1, 1])
    expect(await drift()).toEqual([])
  })

  test('keeps no row for what nobody follows any more', async () => {
    const fan = await accounts.person()
    const teamId = randomUUID()
    await follow(fan, { teamId })
    await unfollow(fan, { teamId })
    expect(await accounts.sql('SELECT FROM follower_counts WHERE target_id = $1', [teamId])).toEqual([])
  })

  test('is read with one statement, however many are asked for, and without a look at the follows', async () => {
    const targets = Array.from({ length: 6 }, (_, place) =>
      place % 2 === 0 ? { teamId: randomUUID() } : { playerId: randomUUID() },
    )
    const { statements } = await statementsDuring(() => countsOf(...targets))
    const reading = statements.filter((text) => /SELECT/i.test(text))
    expect(reading).toEqual([expect.stringContaining('followed_targets')])
  })

  test('never drifts, whatever many do at once', async () => {
    const fans = await accounts.people('a', 'b', 'c', 'd', 'e', 'f')
    const targets = [{ teamId: randomUUID() }, { teamId: randomUUID() }, { playerId: randomUUID() }]
    const switchOver = (fan: Person, isActive: boolean) =>
      accounts.sql('UPDATE users SET is_active = $2 WHERE id = $1', [fan.id, isActive])
    // Who is switched off at that moment is refused, which is as it should be.
    const attempt = (fan: Person, verb: 'follow' | 'unfollow', input: Target) =>
      fan.run(
        verb === 'follow'
          ? 'mutation ($input: FollowInput!) { follow(input: $input) { followedAt } }'
          : 'mutation ($input: UnfollowInput!) { unfollow(input: $input) { me { id } } }',
        { input },
      )
    for (let round = 0; round < 8; round++) {
      await Promise.all(
        fans.flatMap((fan, place) => [
          ...targets.map((target, at) =>
            attempt(fan, (round + place + at) % 3 === 0 ? 'unfollow' : 'follow', target),
          ),
          switchOver(fan, (round + place) % 2 === 0),
        ]),
      )
      expect(await drift()).toEqual([])
    }
    const [row] = await accounts.sql<{ kept: number }>('SELECT count(*)::int AS kept FROM follower_counts')
    expect(row?.kept).toBeGreaterThan(0)
  })

  test('is found to have drifted when somebody meddled with it', async () => {
    const fan = await accounts.person()
    const teamId = randomUUID()
    await follow(fan, { teamId })
    await accounts.sql('UPDATE follower_counts SET followers = 7 WHERE target_id = $1', [teamId])
    expect(await drift()).toEqual([{ kind: 'team', target_id: teamId, kept: 7, counted: 1 }])
    await accounts.sql('UPDATE follower_counts SET followers = 1 WHERE target_id = $1', [teamId])
  })
})
