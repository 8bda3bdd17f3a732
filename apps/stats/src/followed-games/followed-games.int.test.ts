import { randomUUID } from 'node:crypto'
import { createIdentitySigner, IDENTITY_HEADER, type Principal } from '@courtside/auth'
import { silentLogger } from '@courtside/logger'
import { createTurns } from '@courtside/events'
import type { SubgraphEvents } from '@courtside/subgraph'
import { principals } from '@courtside/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { openStatsDatabase } from '../db.ts'
import { hoursFromNow } from '../testing/fixtures.ts'
import { type Followers, openFollowers } from '../testing/followers.ts'
import { openStats, type StatsHarness } from '../testing/open-stats.ts'
import { makeSeason, type SeasonWithTeams } from '../testing/season.ts'
import { type FollowedGamesDependencies, watchFollowedGames } from './watch-followed-games.ts'

interface Told {
  kind: string
  game: { id: string; version: number; status: string; home: { id: string } }
}

let followers: Followers
let stats: StatsHarness
let league: SeasonWithTeams
let anna: string
beforeAll(async () => {
  followers = await openFollowers()
  stats = await openStats({ accountsLogUrl: followers.accountsLogUrl })
})
afterAll(async () => {
  await stats.close()
  await followers.close()
})
beforeEach(async () => {
  league = await makeSeason(stats, 6)
  anna = await followers.person()
})

const opened: SubgraphEvents[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((events) => events.return()))
})

const DOCUMENT =
  'subscription { followedGamesChanged { kind occurredAt game { id version status home { id } } } }'

async function subscribe(principal: Principal) {
  const signer = await createIdentitySigner(stats.keys.privateKey)
  const headers = { [IDENTITY_HEADER]: await signer.assertionFor(principal, 'stats') }
  return stats.subgraph.subscribe({ query: DOCUMENT, variables: {}, headers })
}

async function watch(userId: string) {
  const { events, errors } = await subscribe(principals.user('viewer', userId))
  if (!events) throw new Error(JSON.stringify(errors))
  opened.push(events)
  return async (): Promise<Told> => {
    const { value } = await events.next()
    if (!value || value.errors) throw new Error(JSON.stringify(value))
    const { followedGamesChanged } = JSON.parse(JSON.stringify(value.data)) as { followedGamesChanged: Told }
    expect(value.mark).toEqual({ kind: 'key', key: followedGamesChanged.game.id })
    return followedGamesChanged
  }
}

const team = (index: number) => league.teamIds[index]!
const makeGame = (home: number, away: number, input: object = {}) =>
  stats.make.game({ seasonId: league.seasonId, homeTeamId: team(home), awayTeamId: team(away), ...input })
const rename = (id: string, expectedVersion: number, name = `Game ${expectedVersion}`) =>
  stats.mutate('updateGame', { id, expectedVersion, name }, 'game { id }')

/** Asks until it is so; the test's own time limit is the limit. */
async function untilFollowing(userId: string, ...teamIds: readonly string[]): Promise<void> {
  const wanted = JSON.stringify(teamIds.toSorted())
  for (;;) {
    const [row] = await stats.sql<{ team_ids: string[] }>(
      'SELECT team_ids FROM team_followers WHERE user_id = $1',
      [userId],
    )
    if (JSON.stringify((row?.team_ids ?? []).toSorted()) === wanted) return
  }
}

/** The trigger that keeps the time of a row's last change would make it now. */
async function setLongAgo(gameId: string): Promise<void> {
  await stats.sql('SET session_replication_role = replica')
  await stats.sql(`UPDATE games SET updated_at = updated_at - interval '61 minutes' WHERE id = $1`, [gameId])
  await stats.sql('RESET session_replication_role')
}

const follow = async (userId: string, ...indexes: readonly number[]) => {
  await followers.follow(userId, ...indexes.map(team))
  await untilFollowing(userId, ...indexes.map(team))
}

describe('who follows teams', () => {
  test('begins with how their live and soon games stand, the soonest first', async () => {
    const late = await makeGame(0, 1, { startsAt: hoursFromNow(48) })
    const soon = await makeGame(2, 0, { startsAt: hoursFromNow(24) })
    await setLongAgo(await makeGame(0, 3, { startsAt: hoursFromNow(24 * 30) }))
    await makeGame(3, 4, { startsAt: hoursFromNow(24) })
    await follow(anna, 0, 1)
    const next = await watch(anna)
    expect(await next()).toMatchObject({ kind: 'SNAPSHOT', game: { id: soon, version: 1 } })
    expect(await next()).toMatchObject({ kind: 'SNAPSHOT', game: { id: late, version: 1 } })
    // The one in a month and the one of others come not: the next thing told is this.
    await rename(late, 1)
    expect(await next()).toMatchObject({ kind: 'DETAILS', game: { id: late, version: 2 } })
  })

  test('begins also with what changed lately: it may have ended while the subscription was opened again', async () => {
    const cancelled = await makeGame(0, 1)
    const cancel = (id: string) =>
      stats.mutate(
        'changeGameStatus',
        { id, expectedVersion: 1, status: 'CANCELLED', reason: 'Snow' },
        'game { id }',
      )
    await cancel(cancelled)
    const before = await makeGame(0, 2)
    await cancel(before)
    await setLongAgo(before)
    const soon = await makeGame(3, 0, { startsAt: hoursFromNow(100) })
    await follow(anna, 0)
    const next = await watch(anna)
    expect(await next()).toMatchObject({ kind: 'SNAPSHOT', game: { id: soon } })
    expect(await next()).toMatchObject({ kind: 'SNAPSHOT', game: { id: cancelled, status: 'CANCELLED' } })
    await rename(soon, 1)
    expect(await next()).toMatchObject({ kind: 'DETAILS', game: { id: soon } })
  })

  test('is told every change of a game of theirs, whichever side they are on, and nothing of others', async () => {
    await follow(anna, 0)
    const next = await watch(anna)
    const others = await makeGame(1, 2)
    await rename(others, 1)
    const home = await makeGame(0, 3)
    expect(await next()).toMatchObject({ kind: 'CREATED', game: { id: home } })
    const away = await makeGame(4, 0, { startsAt: hoursFromNow(30) })
    expect(await next()).toMatchObject({ kind: 'CREATED', game: { id: away } })
    await stats.mutate(
      'changeGameStatus',
      { id: home, expectedVersion: 1, status: 'CANCELLED', reason: 'Snow' },
      'game { id }',
    )
    expect(await next()).toMatchObject({ kind: 'STATUS', game: { id: home, status: 'CANCELLED' } })
    await stats.mutate('deleteGame', { id: home, expectedVersion: 2 }, 'deletedId')
    expect(await next()).toMatchObject({ kind: 'REMOVED', game: { id: home } })
  })

  test('hears once of a game between two teams of theirs', async () => {
    const game = await makeGame(0, 1)
    await follow(anna, 0, 1)
    const next = await watch(anna)
    expect(await next()).toMatchObject({ kind: 'SNAPSHOT' })
    await rename(game, 1)
    expect(await next()).toMatchObject({ game: { version: 2 } })
    await rename(game, 2)
    expect(await next()).toMatchObject({ game: { version: 3 } })
  })

  test('is told the newest state alone when they are slow, and never an older one after it', async () => {
    const game = await makeGame(0, 1)
    await follow(anna, 0)
    const next = await watch(anna)
    expect(await next()).toMatchObject({ kind: 'SNAPSHOT' })
    for (const version of [1, 2, 3, 4, 5, 6]) await rename(game, version)
    let last = 1
    while (last < 7) {
      const { version } = (await next()).game
      expect(version).toBeGreaterThan(last)
      last = version
    }
  })

  test('hears of a team from when they follow it, also when the subscription is older', async () => {
    const next = await watch(anna)
    const game = await makeGame(1, 2)
    await followers.follow(anna, team(1))
    expect(await next()).toMatchObject({ kind: 'SNAPSHOT', game: { id: game } })
    await rename(game, 1)
    expect(await next()).toMatchObject({ kind: 'DETAILS', game: { id: game, version: 2 } })
  })

  test('hears no more of a team that they no longer follow', async () => {
    const [left, kept] = [await makeGame(0, 1), await makeGame(2, 3, { startsAt: hoursFromNow(30) })]
    await follow(anna, 0, 2)
    const next = await watch(anna)
    expect((await next()).game.id).toBe(left)
    expect((await next()).game.id).toBe(kept)
    // A team followed in the same breath shows when the change has been taken in.
    const news = await makeGame(4, 5, { startsAt: hoursFromNow(40) })
    await followers.sql('BEGIN')
    await followers.unfollow(anna, team(0))
    await followers.follow(anna, team(4))
    await followers.sql('COMMIT')
    expect((await next()).game.id).toBe(news)
    await rename(left, 1)
    await rename(kept, 1)
    expect(await next()).toMatchObject({ game: { id: kept, version: 2 } })
  })

  test('begins anew by itself when the log was restored, and goes on', async () => {
    const game = await makeGame(0, 1)
    await follow(anna, 0)
    const next = await watch(anna)
    expect(await next()).toMatchObject({ kind: 'SNAPSHOT', game: { version: 1 } })
    await stats.sql('SELECT bump_stream_epoch()')
    const untilVersion = async (version: number) => {
      const kinds: string[] = []
      for (;;) {
        const told = await next()
        kinds.push(told.kind)
        if (told.game.version === version) return kinds
      }
    }
    await rename(game, 1)
    // What was told before may not be true any more, so it is told how the game stands.
    expect(await untilVersion(2)).toContain('SNAPSHOT')
    await rename(game, 2)
    await untilVersion(3)
  })

  test('hears that a game has gone to other teams', async () => {
    const game = await makeGame(0, 1)
    await follow(anna, 0)
    const next = await watch(anna)
    expect((await next()).game.home.id).toBe(team(0))
    await stats.mutate(
      'updateGame',
      { id: game, expectedVersion: 1, homeTeamId: team(2), awayTeamId: team(3) },
      'game { id }',
    )
    expect(await next()).toMatchObject({ kind: 'TEAMS', game: { id: game, home: { id: team(2) } } })
  })
})

describe('what somebody follows', () => {
  test('is theirs alone: each hears of their own teams, at the same time', async () => {
    const bert = await followers.person()
    const [ofAnna, ofBert] = [await makeGame(0, 1), await makeGame(2, 3)]
    await follow(anna, 0)
    await follow(bert, 2)
    const [annas, berts] = [await watch(anna), await watch(bert)]
    expect((await annas()).game.id).toBe(ofAnna)
    expect((await berts()).game.id).toBe(ofBert)
    for (const version of [1, 2, 3]) {
      await rename(ofAnna, version)
      await rename(ofBert, version)
      expect((await annas()).game.id).toBe(ofAnna)
      expect((await berts()).game.id).toBe(ofBert)
    }
  })

  test.each([
    ['a stranger', principals.anonymous, 'UNAUTHENTICATED'],
    ['a partner', principals.partner('write:games'), 'FORBIDDEN'],
    ['another service', principals.service('gateway', 'resolve:identity'), 'FORBIDDEN'],
  ])('is told to people alone, not to %s', async (_who, principal, code) => {
    const { events, errors } = await subscribe(principal)
    expect(events).toBeUndefined()
    expect(errors?.[0]?.extensions?.['code']).toBe(code)
  })

  test('is nothing for somebody who follows nothing, until they do', async () => {
    const nobody = randomUUID()
    const { events } = await subscribe(principals.user('viewer', nobody))
    if (!events) throw new Error('Refused')
    const first = events.next()
    await makeGame(0, 1)
    await events.return()
    expect(await first).toEqual({ done: true, value: undefined })
  })
})

describe('the reader of a follower', () => {
  test('leaves every stream, also when they followed a team just as it was looked for the first time', async () => {
    const database = openStatsDatabase(stats.database.appUrl, silentLogger)
    const open = new Set<object>()
    const subscribed: string[] = []
    const hub: FollowedGamesDependencies['hub'] = {
      subscribe(stream, _from, listener) {
        const subscription = {
          phase: 'live' as const,
          position: null,
          resume: () => undefined,
          unsubscribe: () => void open.delete(subscription),
        }
        open.add(subscription)
        subscribed.push(stream)
        if (stream.startsWith('followed-teams:')) {
          queueMicrotask(() => void listener({ kind: 'facts', facts: [] }))
        }
        return subscription
      },
    }
    await follow(anna, 0, 1)
    const someQueries = async () => {
      for (let times = 0; times < 5; times++) await database.ping()
    }
    const secondLook = Promise.withResolvers<void>()
    let reads = 0
    const slow: FollowedGamesDependencies['database'] = {
      ...database,
      async read(work) {
        reads += 1
        // So that what was heard meanwhile has its time to be looked at. A look reads the teams, and then the games.
        if (reads === 2) await someQueries()
        if (reads === 3) secondLook.resolve()
        return database.read(work)
      },
    }
    const changes = await watchFollowedGames(anna, {
      database: slow,
      hub,
      clock: stats.clock,
      inTurn: createTurns(1),
    })
    const over = changes.next()
    await secondLook.promise
    await someQueries()
    await changes.return?.()
    expect(await over).toEqual({ done: true, value: undefined })
    expect(subscribed.slice(0, 2)).toEqual([`followed-teams:${anna}`, 'followed-teams:all'])
    // Followed in one statement, so neither was followed last.
    expect(subscribed.slice(2).toSorted()).toEqual([0, 1].map((index) => `team:${team(index)}`).toSorted())
    expect(open.size).toBe(0)
    await database.close()
  })

  test('looks when it is its turn: all who come back at once leave the database to others too', async () => {
    const database = openStatsDatabase(stats.database.appUrl, silentLogger)
    const hub = {
      subscribe: () => ({ phase: 'live' as const, position: null, resume() {}, unsubscribe() {} }),
    }
    let looking = 0
    let most = 0
    let reads = 0
    const watched: FollowedGamesDependencies['database'] = {
      ...database,
      async read(work) {
        reads += 1
        most = Math.max(most, ++looking)
        try {
          return await database.read(work)
        } finally {
          looking -= 1
        }
      },
    }
    const dependencies = { database: watched, hub, clock: stats.clock, inTurn: createTurns(2) }
    await follow(anna, 0)
    const all = await Promise.all(Array.from({ length: 20 }, () => watchFollowedGames(anna, dependencies)))
    expect(most).toBe(2)
    // Each looks with two statements: the teams and then their games, with how far the streams of each are.
    expect(reads).toBe(40)
    for (const changes of all) await changes.return?.()
    await database.close()
  })
})
