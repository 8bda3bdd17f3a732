import {
  createFactPages,
  createFeed,
  createFeedMetrics,
  type Feed,
  type Fact,
  type StreamLog,
} from '@courtside/events'
import type { Clock } from '@courtside/kernel'
import type { Metrics } from '@courtside/http'
import type { Logger } from '@courtside/logger'
import { type Database, openStatsDatabase, type Tx } from '../db.ts'
import {
  EVERYBODY,
  followedTeamsChanged,
  type FollowedTeams,
  followsOf,
  readFollowedTeams,
} from './followed-teams.ts'
import { teamFollowers } from './team-followers.repository.ts'

export interface FollowsFeedDependencies {
  /** `withAfterCommit`. */
  database: Database
  databaseUrl: string
  /** The database of accounts, as those who read its log. */
  accountsLogUrl: string
  streams: Pick<StreamLog, 'appendAll'>
  clock: Clock
  log: Logger
  /** Default: nobody is told. */
  metrics?: Metrics | undefined
}

/** Kept for ever with its offset. */
export const FOLLOWS_FEED = 'stats.team-followers'
/** Somebody who follows a team wants to see its games within the second. */
const LOOKS_EVERY_MS = 400

export interface FollowsFeed extends Pick<Feed, 'replay'> {
  start(): void
  stop(): Promise<void>
}

/** Keeps `team_followers` as accounts says. */
export function createFollowsFeed(dependencies: FollowsFeedDependencies): FollowsFeed {
  const { database, databaseUrl, accountsLogUrl, streams, clock, log, metrics } = dependencies
  const accountsLog = openStatsDatabase(accountsLogUrl, log)

  const feed = createFeed<Tx>({
    name: FOLLOWS_FEED,
    pages: createFactPages(accountsLog),
    database,
    databaseUrl,
    sweepMs: LOOKS_EVERY_MS,
    async consume(tx, facts) {
      const changed: string[] = []
      for (const followed of newestOfEach(facts)) {
        if (await teamFollowers.put(tx, followed)) changed.push(followed.userId)
        if (followed.teamIds.length === 0) await dropPutAside(tx, followed)
      }
      await streams.appendAll(
        tx,
        changed.map((userId) => followedTeamsChanged(userId, clock.now())),
      )
    },
    async reset(tx) {
      await teamFollowers.clear(tx)
      await streams.appendAll(tx, [followedTeamsChanged(EVERYBODY, clock.now())])
    },
    log,
    ...(metrics && { observer: createFeedMetrics(metrics)(FOLLOWS_FEED) }),
  })
  return {
    start: () => feed.start(),
    async stop() {
      await feed.stop()
      await accountsLog.close()
    },
    replay: (fact) => feed.replay(fact),
  }
}

/** Nothing else says that these are older than what is known: a replay would bring back what has ended. */
async function dropPutAside(tx: Tx, { userId, seq }: FollowedTeams): Promise<void> {
  await tx.$executeRaw`
    DELETE FROM feed_dead_letters
    WHERE feed = ${FOLLOWS_FEED} AND stream = ${followsOf(userId)} AND seq < ${seq}::bigint`
}

/** Each fact says all of one person, so of several only the last counts. */
function newestOfEach(facts: readonly Fact[]): Iterable<FollowedTeams> {
  const newest = new Map<string, FollowedTeams>()
  for (const fact of facts) {
    const followed = readFollowedTeams(fact)
    if (followed !== null) newest.set(followed.userId, followed)
  }
  return newest.values()
}
