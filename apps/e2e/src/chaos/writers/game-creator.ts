import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { League } from '../../league.ts'
import { type Game, untilAnswered, type WriterTools } from './game-writer.ts'

const CREATE = `mutation Create($input: CreateGameInput!) { createGame(input: $input) { game { id version } } }`

interface Created {
  createGame: { game: Game }
}

/** No team may play two games within two hours. */
const BETWEEN_GAMES_MS = 3 * 60 * 60 * 1000

export interface GameCreator {
  /** A game of its own key, sent again with it until it is answered. Undefined when it never was. */
  create(mark: string): Promise<Game | undefined>
}

export function createGameCreator(
  league: League,
  { send, record }: Omit<WriterTools, 'pause' | 'stopped'>,
): GameCreator {
  const { seasonId, homeTeamId, awayTeamId } = league
  let nextStart = Date.now() + 2 * 24 * 60 * 60 * 1000
  return {
    async create(mark) {
      const write = record.begin(mark, null)
      const startsAt = new Date((nextStart += BETWEEN_GAMES_MS)).toISOString()
      const input = { idempotencyKey: randomUUID(), seasonId, homeTeamId, awayTeamId, startsAt, name: mark }
      const attempt = await untilAnswered(() => send<Created>(CREATE, { input }), record)
      if (attempt.kind === 'unknown') return undefined
      if (attempt.kind === 'refused') {
        record.surprise(`${mark} was refused with ${attempt.code}`)
        write.end('unknown')
        return undefined
      }
      const { game } = attempt.data.createGame
      write.end('ok', `game:${game.id}`)
      await assertRepeatable(game, input)
      return game
    },
  }

  /** Who has not heard the answer asks again, and must be told of the same game. */
  async function assertRepeatable(game: Game, input: object): Promise<void> {
    const again = await send<Created>(CREATE, { input })
    if (again.kind === 'done' && again.data.createGame.game.id !== game.id) {
      record.surprise(`The game ${game.id} was created again as ${again.data.createGame.game.id}`)
    }
    if (again.kind === 'refused') record.surprise(`The repeat of a creation was refused with ${again.code}`)
  }
}

/** One game after the other. */
export async function createGames(creator: GameCreator, prefix: string, tools: WriterTools): Promise<void> {
  for (let count = 1; !tools.stopped.aborted; count++) {
    await creator.create(`${prefix}-${count}`)
    await delay(tools.pause())
  }
}
