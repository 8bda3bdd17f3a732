import type { Snapshot } from '@courtside/events'
import type { Tx } from '../db.ts'
import { gameColumns } from './game-lists.repository.ts'
import { gameStream } from './game-facts.ts'
import type { Game } from './game.ts'

type Nullable<Row> = { [Field in keyof Row]: Row[Field] | null }

/** The game and the head of its stream, in one statement: the facts after that head are those the game is without. */
export async function findGameWithHead(tx: Tx, gameId: string): Promise<Snapshot<Game>> {
  const [row] = await tx.$queryRaw<[Nullable<Game & { epoch: number; seq: bigint; floor: bigint }>]>`
    SELECT * FROM (SELECT) AS one
    LEFT JOIN (SELECT epoch, seq, floor FROM stream_heads WHERE stream = ${gameStream(gameId)} AND seq > 0) AS head
      ON true
    LEFT JOIN (SELECT ${gameColumns} FROM games WHERE id = ${gameId}::uuid) AS game ON true`
  const { epoch, seq, floor, ...game } = row
  return {
    value: game.id === null ? null : (game as Game),
    head: epoch === null ? null : { epoch, seq: Number(seq), floor: Number(floor) },
  }
}
