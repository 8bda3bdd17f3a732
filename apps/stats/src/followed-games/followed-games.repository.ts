import { join, sql, type Tx } from '../db.ts'
import { type Game, gameColumns, teamStream } from '../games/index.ts'
import { type HeadRow, type Heads, toHeads } from '../stream-heads.ts'

const DAY_MS = 86_400_000
/** A game that should have begun by now may be late. */
const LATE_MS = DAY_MS / 2
const SOON_MS = 7 * DAY_MS

export interface FoundGames {
  readonly games: readonly Game[]
  /** Of the teams' streams. */
  readonly heads: Heads
}

/**
 * How the games of these teams stand that are live, begin soon, or changed lately, the soonest first and those that are
 * over last. The latter because a subscription may have been opened again without its client noticing: what it was told
 * before must not stay for ever, such as that a game is live which has ended in between.
 *
 * In the same statement, how far the streams of the teams are: what the games are without comes after those heads.
 */
export async function currentGames(
  tx: Tx,
  teamIds: readonly string[],
  { now, most }: { now: Date; most: number },
): Promise<FoundGames> {
  if (teamIds.length === 0) return { games: [], heads: new Map() }
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
  const games = sql`
    SELECT *, row_number() OVER (
      ORDER BY status NOT IN ('WARMUP', 'LIVE', 'SUSPENDED', 'SCHEDULED'), "startsAt", id
    ) AS place
    FROM (${join([ofSide('home_team_id'), ofSide('away_team_id')], ' UNION ')}) AS game
    ORDER BY place LIMIT ${most}::int`
  const heads = sql`
    SELECT stream, epoch, seq, row_number() OVER () AS place FROM stream_heads
    WHERE stream = ANY (${teams.map(teamStream)}::text[]) AND seq > 0`
  // Side by side: no game belongs to the head in its row.
  const rows = await tx.$queryRaw<Row[]>`
    SELECT * FROM (${games}) AS game FULL JOIN (${heads}) AS head USING (place) ORDER BY place`
  return { games: rows.flatMap(toGame), heads: toHeads(rows) }
}

type Row = HeadRow & { [Field in keyof Game]: Game[Field] | null } & { place: bigint }

const toGame = ({ place: _place, stream: _stream, epoch: _epoch, seq: _seq, ...game }: Row): Game[] =>
  game.id === null ? [] : [game as Game]
