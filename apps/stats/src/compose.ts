import type { IdentityVerifier } from '@courtside/auth'
import { openStreams, type StreamSettings, withAfterCommit } from '@courtside/events'
import type { Metrics } from '@courtside/http'
import { type Clock, systemClock } from '@courtside/kernel'
import type { Logger } from '@courtside/logger'
import {
  createSubgraph,
  cursorScalar,
  dateScalar,
  dateTimeScalar,
  jsonScalar,
  mergeResolvers,
  readTypeDefs,
  type Subgraph,
  urlScalar,
} from '@courtside/subgraph'
import { createSubgraphTracing, type Tracing } from '@courtside/telemetry'
import { createAuditModule } from './audit/index.ts'
import { createConferencesModule } from './conferences/index.ts'
import type { Context } from './context.ts'
import { openStatsDatabase } from './db.ts'
import { createFollowedGamesModule } from './followed-games/index.ts'
import { createFollowsFeed, FOLLOWED_TEAMS_RETENTION } from './follows/index.ts'
import { createGamesModule, GAME_RETENTION, TEAM_RETENTION } from './games/index.ts'
import { createPlayersModule } from './players/index.ts'
import { createRostersModule } from './rosters/index.ts'
import { createRuleSetsModule } from './rule-sets/index.ts'
import { createSeasonEntriesModule } from './season-entries/index.ts'
import { createSeasonsModule } from './seasons/index.ts'
import { createSportsModule } from './sports/index.ts'
import { createTeamsModule } from './teams/index.ts'
import { createVenuesModule } from './venues/index.ts'
import { createWrites } from './writes/index.ts'

export interface StatsOptions {
  databaseUrl: string
  identity: IdentityVerifier
  streams: StreamSettings
  /** The database of accounts, as those who read its log. Default: nothing new is learned of who follows what. */
  accountsLogUrl?: string
  log: Logger
  introspection: boolean
  /** Flushed by whoever made it. Default: no operation is traced. */
  tracing?: Tracing
  /** Default: the time of this machine. */
  clock?: Clock
  metrics?: Metrics
}

export async function composeStats({
  databaseUrl,
  identity,
  streams: settings,
  metrics,
  accountsLogUrl,
  log,
  introspection,
  tracing: ofProcess,
  clock = systemClock,
}: StatsOptions): Promise<Subgraph> {
  const tracing = ofProcess && createSubgraphTracing(ofProcess)
  await using opening = new AsyncDisposableStack()
  const database = withAfterCommit(openStatsDatabase(databaseUrl, log, tracing?.watchStatement), log)
  opening.defer(() => database.close())
  const streams = openStreams({
    name: 'stats',
    db: database,
    databaseUrl,
    settings,
    retention: [GAME_RETENTION, TEAM_RETENTION, FOLLOWED_TEAMS_RETENTION],
    log,
  })
  opening.defer(() => streams.close())
  const writes = createWrites({ database, streams: streams.log, clock })
  const dependencies = { database, clock, writes, reader: streams.reader }
  const sports = createSportsModule(dependencies)
  const seasons = createSeasonsModule(dependencies)
  const conferences = createConferencesModule(dependencies)
  const venues = createVenuesModule(dependencies)
  const teams = createTeamsModule(dependencies)
  const seasonEntries = createSeasonEntriesModule(dependencies)
  const players = createPlayersModule(dependencies)
  const rosters = createRostersModule(dependencies)
  const ruleSets = createRuleSetsModule(dependencies)
  const games = createGamesModule(dependencies)
  const followedGames = createFollowedGamesModule({ database, clock, hub: streams.hub })
  const audit = createAuditModule(dependencies)
  if (accountsLogUrl !== undefined) {
    const source = { database, databaseUrl, accountsLogUrl }
    const follows = createFollowsFeed({ ...source, streams: streams.log, clock, log, metrics })
    opening.defer(() => follows.stop())
    follows.start()
  }

  const subgraph = await createSubgraph<Context>({
    name: 'stats',
    typeDefs: readTypeDefs(new URL('.', import.meta.url)),
    resolvers: mergeResolvers([
      {
        DateTime: dateTimeScalar,
        Date: dateScalar,
        URL: urlScalar,
        JSON: jsonScalar,
        Cursor: cursorScalar,
      },
      ...[
        sports,
        seasons,
        conferences,
        venues,
        teams,
        seasonEntries,
        players,
        rosters,
        ruleSets,
        games,
        followedGames,
        audit,
      ].map((module) => module.resolvers),
    ]),
    createContext: (request) => ({
      ...request,
      caller: { actor: request.principal, requestId: request.requestId },
      loaders: {
        sports: sports.createLoader(),
        seasons: seasons.createLoader(),
        conferences: conferences.createLoader(),
        venues: venues.createLoader(),
        teams: teams.createLoader(),
        seasonEntries: seasonEntries.createLoaders(),
        players: players.createLoader(),
        rosters: rosters.createLoaders(),
        ruleSets: ruleSets.createLoaders(),
        games: games.createLoaders(),
      },
    }),
    identity,
    ...(tracing && { tracing }),
    log,
    introspection,
    readiness: {
      problems: () =>
        database.ping().then(
          () => [],
          (error: unknown) => {
            log.warn({ err: error, subgraph: 'stats' }, 'Not ready: the database does not answer')
            return ['the database does not answer']
          },
        ),
    },
    close: () => opened.disposeAsync(),
  })
  const opened = opening.move()
  return subgraph
}
