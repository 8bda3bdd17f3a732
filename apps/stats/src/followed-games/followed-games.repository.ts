import { join, sql, type Tx } from '../db.ts'
import { type Game, gameColumns } from '../games/index.ts'

const DAY_MS = 86_400_000
/** A game that should have begun by now may be late. */
const LATE_MS = DAY_MS / 2
const SOON_MS = 7 * DAY_MS

/**
 * How the games of these teams stand that are live, begin soon, or changed lately, the soonest first and those that are
 * over last. The latter because a subscription may have been opened again without its client noticing: what it was told
 * before must not stay for ever, such as that a game is live which has ended in between.
 */
export async function currentGames(
  tx: Tx,
  teamIds: readonly string[],
  { now, most }: { now: Date; most: number },
): Promise<Game[]> {
  if (teamIds.length === 0) return []
  const teams = [...teamIds]
  const [earliest, latest] = [new Date(now.getTime() - LATE_MS), new Date(now.getTime() + SOON_MS)]
  const ofSide = (column: 'home_team_id' | 'away_team_id') => sql`
    SELECT ${gameColumns} FROM games
    WHERE ${column === 'home_team_id' ? sql`home_team_id` : sql`away_team_id`} = ANY (${teams}::uuid[])
      AND (
        status IN ('WARMUP', 'LIVE', 'SUSPENDED')
        OR (status = 'SCHEDULED' AND starts_at BETWEEN ${earliest}::timestamptz AND ${latest}::timestamptz)
        OR updated_at > now() - interval '1 hour'
      )`
  // Each side has an index; both may be of followed teams, and then it is one game.
  return tx.$queryRaw`
    SELECT * FROM (${join([ofSide('home_team_id'), ofSide('away_team_id')], ' UNION ')}) AS game
    ORDER BY status NOT IN ('WARMUP', 'LIVE', 'SUSPENDED', 'SCHEDULED'), "startsAt", id LIMIT ${most}::int`
}
