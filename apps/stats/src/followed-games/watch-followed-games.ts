import type { Fact, StreamEvent, StreamHub, StreamSubscription, Turns } from '@courtside/events'
import { assertNever, type Clock, DomainError } from '@courtside/kernel'
import type { Database } from '../db.ts'
import { followedTeamsStreams, teamFollowers } from '../follows/index.ts'
import { readGameChange, teamStream } from '../games/index.ts'
import { type FollowedGameChange, toSnapshot } from './followed-game.ts'
import { currentGames } from './followed-games.repository.ts'
import { createNewestGames } from './newest-games.ts'

export interface FollowedGamesDependencies {
  database: Pick<Database, 'read'>
  hub: Pick<StreamHub, 'subscribe'>
  clock: Clock
  /** Everybody who comes back at once looks: they must leave connections of the pool to others. */
  inTurn: Turns
}

const MOST_TEAMS = 200
const MOST_GAMES = 50

/**
 * How the games of the teams stand that a person follows, and each that changes, for as long as somebody reads on. What
 * fails on the way ends it with that error: whoever reads begins anew, and has lost nothing, because each beginning says
 * how all stands.
 */
export async function watchFollowedGames(
  userId: string,
  { database, hub, clock, inTurn }: FollowedGamesDependencies,
): Promise<AsyncIterableIterator<FollowedGameChange, undefined>> {
  const games = createNewestGames()
  const teams = new Map<string, StreamSubscription>()
  const waiting: PromiseWithResolvers<IteratorResult<FollowedGameChange, undefined>>[] = []
  let following: readonly StreamSubscription[] = []
  let end: { readonly error: unknown } | 'left' | null = null
  let isStale = false
  let looking: Promise<void> | null = null

  const failure = () => (end === 'left' ? null : end)

  const handOut = () => {
    for (let next = waiting[0]; next; next = waiting[0]) {
      const value = end === 'left' ? undefined : games.take()
      if (!value && end === null) return
      waiting.shift()
      const failed = failure()
      if (value) next.resolve({ done: false, value })
      else if (failed !== null) next.reject(failed.error)
      else next.resolve(OVER)
    }
  }

  const leaveAll = () => {
    for (const subscription of [...following, ...teams.values()]) subscription.unsubscribe()
    following = []
    teams.clear()
  }

  const finish = (how: NonNullable<typeof end>) => {
    if (end !== null) return
    end = how
    leaveAll()
    handOut()
  }

  const look = async () => {
    if (end !== null) return
    const { teamIds, heads: places } = await database.read((client) =>
      teamFollowers.teamsWithHeads(client, userId, MOST_TEAMS),
    )
    if (end !== null) return
    if (following.length === 0) {
      following = followedTeamsStreams(userId).map((stream) =>
        hub.subscribe(stream, places.get(stream) ?? BEGINNING, heard),
      )
    }

    const followed = new Set(teamIds)
    const left = [...teams.keys()].filter((teamId) => !followed.has(teamId))
    for (const teamId of left) {
      teams.get(teamId)?.unsubscribe()
      teams.delete(teamId)
    }
    if (left.length > 0)
      games.keep(({ game }) => followed.has(game.homeTeamId) || followed.has(game.awayTeamId))

    const added = teamIds.filter((teamId) => !teams.has(teamId))
    const now = clock.now()
    const { games: found, heads } = await database.read((client) =>
      currentGames(client, added, { now, most: MOST_GAMES }),
    )
    if (end !== null) return
    for (const game of found) games.put(toSnapshot(game))
    for (const teamId of added) {
      teams.set(
        teamId,
        hub.subscribe(teamStream(teamId), heads.get(teamStream(teamId)) ?? BEGINNING, changed),
      )
    }
    handOut()
  }

  /** One look at a time; what is heard meanwhile makes another one. */
  const lookAgain = (): Promise<void> => {
    isStale = true
    return (looking ??= (async () => {
      try {
        while (isStale && end === null) {
          isStale = false
          await inTurn(look)
        }
      } catch (error) {
        finish({ error })
      } finally {
        // In the same step as the last look at `isStale`: what is heard from here on must begin another look.
        looking = null
      }
    })())
  }

  /** Facts are missing: everything is looked at as if it were the first time. */
  const startAnew = () => {
    leaveAll()
    void lookAgain()
  }

  const missed = (event: Exclude<StreamEvent, { kind: 'facts' }>): void => {
    switch (event.kind) {
      case 'gap':
        return startAnew()
      case 'reset':
        // The log was restored: what was told may be newer than what is true.
        games.forget()
        return startAnew()
      case 'end':
        return finish({ error: interrupted() })
      default:
        return assertNever(event)
    }
  }

  /** The person follows other teams than before. */
  const heard = (event: StreamEvent): undefined => {
    if (event.kind === 'facts') void lookAgain()
    else missed(event)
  }

  const changed = (event: StreamEvent): undefined => {
    if (event.kind === 'facts') take(event.facts)
    else missed(event)
  }

  const take = (facts: readonly Fact[]) => {
    try {
      for (const fact of facts) {
        const { kind, game } = readGameChange(fact)
        const version = kind === 'REMOVED' ? game.version + 1 : game.version
        games.put({ kind, game, version, occurredAt: fact.occurredAt })
      }
      handOut()
    } catch (error) {
      finish({ error })
    }
  }

  await lookAgain()
  const failed = failure()
  if (failed !== null) throw failed.error
  const changes: AsyncIterableIterator<FollowedGameChange, undefined> = {
    next() {
      const result = Promise.withResolvers<IteratorResult<FollowedGameChange, undefined>>()
      waiting.push(result)
      handOut()
      return result.promise
    },
    async return() {
      finish('left')
      return OVER
    },
    [Symbol.asyncIterator]: () => changes,
  }
  return changes
}

const OVER = { done: true, value: undefined } as const
const BEGINNING = { epoch: 0, seq: 0 }

/** Games go on changing, elsewhere. Whoever passes them on to clients opens this again, and they notice nothing. */
const interrupted = () =>
  new DomainError({
    kind: 'unavailable',
    code: 'STREAM_INTERRUPTED',
    message: 'This process closes. Subscribe again.',
  })
