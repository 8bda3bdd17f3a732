import { describeSubgraph } from '@courtside/testing/subgraph-contract'
import { composeStats } from './compose.ts'
import { seedLeague } from './testing/league.ts'

describeSubgraph({
  name: 'stats',
  compose: composeStats,
  // Nobody answers there: without the log of accounts, stats does all of its other work.
  environment: { ACCOUNTS_LOG_URL: 'postgres://accounts_log_reader@127.0.0.1:1/accounts' },
  seed: async (harness) => {
    const league = await seedLeague(harness)
    return {
      Sport: [league.sportId, league.otherSportId],
      Season: league.seasonIds,
      Conference: league.conferenceIds,
      Venue: league.venueIds,
      Team: league.teamIds,
      Player: league.playerIds,
      RuleSet: league.ruleSetIds,
      Game: league.gameIds,
    }
  },
  probe: { query: '{ teams(first: 1) { edges { node { name } } } }', table: 'teams' },
})
