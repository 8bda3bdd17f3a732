import type { Tx } from '../db.ts'
import type { FollowedTeams } from './followed-teams.ts'

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

  /** The teams that a person has followed last come first. */
  async teamsOf(tx: Tx, userId: string, most: number): Promise<string[]> {
    const [row] = await tx.$queryRaw<{ teamIds: string[] }[]>`
      SELECT team_ids[:${most}::int] AS "teamIds" FROM team_followers WHERE user_id = ${userId}::uuid`
    return row?.teamIds ?? []
  },
}
