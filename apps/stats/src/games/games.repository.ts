import { sql, type Tx } from '../db.ts'
import type { Entity } from '../writes/index.ts'
import { FREEING_STATUSES, windowOf } from './games.policy.ts'
import type { GameStatus } from './game-status.policy.ts'
import { gameFacts } from './game-facts.ts'
import type { Game } from './game.ts'

export const gameEntity: Entity<Game> = {
  name: 'Game',
  table: 'games',
  find: async (tx, id) => (await findGames(tx, [id])).get(id) ?? null,
  referrers: [],
  remedy: 'Cancel the game instead: changeGameStatus.',
  conflicts: {},
  facts: gameFacts,
}

export async function findGames(tx: Tx, ids: readonly string[]): Promise<Map<string, Game>> {
  const rows = await tx.game.findMany({ where: { id: { in: [...ids] } } })
  return new Map(rows.map((row) => [row.id, toGame(row)]))
}

type Values = Pick<
  Game,
  | 'sportId'
  | 'seasonId'
  | 'conferenceId'
  | 'homeTeamId'
  | 'awayTeamId'
  | 'venueId'
  | 'ruleSetId'
  | 'name'
  | 'round'
  | 'isNeutralSite'
  | 'startsAt'
>

export async function insertGame(
  tx: Tx,
  values: Values & { id?: string; statusChangedAt: Date },
): Promise<Game> {
  return toGame(await tx.game.create({ data: values }))
}

/** Every change of a game is a new version of it. */
export async function updateGame(tx: Tx, id: string, values: Partial<Game>): Promise<Game> {
  return toGame(await tx.game.update({ where: { id }, data: { ...values, version: { increment: 1 } } }))
}

/** The earliest other game that leaves one of the teams no time for a game at `startsAt`. */
export async function findRivalGame(
  tx: Tx,
  teamIds: readonly string[],
  startsAt: Date,
  exceptId: string | null,
): Promise<(Pick<Game, 'id' | 'startsAt'> & { teamId: string }) | null> {
  const { after, before } = windowOf(startsAt)
  const rivalling = sql`starts_at > ${after} AND starts_at < ${before} AND id IS DISTINCT FROM ${exceptId}::uuid
    AND status <> ALL(${[...FREEING_STATUSES]})`
  const teams = sql`ANY(${[...teamIds]}::uuid[])`
  const [rival] = await tx.$queryRaw<{ id: string; startsAt: Date; teamId: string }[]>`
    SELECT id, starts_at AS "startsAt", home_team_id AS "teamId" FROM games WHERE home_team_id = ${teams} AND ${rivalling}
    UNION ALL
    SELECT id, starts_at, away_team_id FROM games WHERE away_team_id = ${teams} AND ${rivalling}
    ORDER BY "startsAt", id LIMIT 1`
  return rival ?? null
}

/** A check constraint keeps the statuses to those that we know. */
export const toGame = (row: Omit<Game, 'status'> & { status: string }): Game => ({
  ...row,
  status: row.status as GameStatus,
})
