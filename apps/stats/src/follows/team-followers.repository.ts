import type { Tx } from '../db.ts'
import { type HeadRow, type Heads, toHeads } from '../stream-heads.ts'
import { type FollowedTeams, followedTeamsStreams } from './followed-teams.ts'

export const teamFollowers = {
  /**
   * Tells whether this is news: what came before it in its stream, told again, is none. Who follows no team has no row:
   * accounts says that last of whoever is erased, and nothing of them is to stay.
   */
  async put(tx: Tx, { userId, teamIds, epoch, seq }: FollowedTeams): Promise<boolean> {
    const rows =
      teamIds.length === 0
        ? await tx.$executeRaw`
          DELETE FROM team_followers
          WHERE user_id = ${userId}::uuid AND (epoch, seq) < (${epoch}::int, ${seq}::bigint)`
        : await tx.$executeRaw`
          INSERT INTO team_followers (user_id, team_ids, epoch, seq)
          VALUES (${userId}::uuid, ${[...teamIds]}::uuid[], ${epoch}::int, ${seq}::bigint)
          ON CONFLICT (user_id) DO UPDATE
            SET team_ids = EXCLUDED.team_ids, epoch = EXCLUDED.epoch, seq = EXCLUDED.seq
          WHERE (team_followers.epoch, team_followers.seq) < (EXCLUDED.epoch, EXCLUDED.seq)`
    return rows > 0
  },

  async clear(tx: Tx): Promise<void> {
    await tx.$executeRaw`DELETE FROM team_followers`
  },

  /**
   * The teams that a person follows, those that they followed last first, and how far the streams are that tell of it.
   * One statement: what the teams are without comes after those heads.
   */
  async teamsWithHeads(tx: Tx, userId: string, most: number): Promise<TeamsWithHeads> {
    const rows = await tx.$queryRaw<TeamsRow[]>`
      SELECT followed.team_ids AS "teamIds", head.stream, head.epoch, head.seq
      FROM (SELECT) AS one
      LEFT JOIN (SELECT team_ids[:${most}::int] FROM team_followers WHERE user_id = ${userId}::uuid) AS followed ON true
      LEFT JOIN (
        SELECT stream, epoch, seq FROM stream_heads
        WHERE stream = ANY (${followedTeamsStreams(userId)}::text[]) AND seq > 0
      ) AS head ON true`
    return { teamIds: rows[0]?.teamIds ?? [], heads: toHeads(rows) }
  },
}

interface TeamsWithHeads {
  teamIds: readonly string[]
  heads: Heads
}

type TeamsRow = HeadRow & { teamIds: string[] | null }
