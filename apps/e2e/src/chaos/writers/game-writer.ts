import { setTimeout as delay } from 'node:timers/promises'
import type { Attempt, SendMutation } from './send-mutation.ts'
import type { WriteRecord } from './write-record.ts'

export interface Game {
  id: string
  version: number
}

export interface WriterTools {
  send: SendMutation
  record: WriteRecord
  /** Fires when no new write is to begin. One that has begun is still brought to its end. */
  stopped: AbortSignal
  /** Between two writes, in milliseconds. */
  pause(): number
}

const RENAME = `mutation Rename($input: UpdateGameInput!) { updateGame(input: $input) { game { version } } }`

interface Renamed {
  updateGame: { game: { version: number } }
}

/** Between two attempts of the same write. */
const BEFORE_REPEAT_MS = 200
/** Then nobody is going to answer any more. */
const MOST_ATTEMPTS = 300

/**
 * Gives a game one name after the other, each the mark of its write. Each says which version it has seen, so that it
 * can be repeated until it is answered. Nobody else may write to the game.
 */
export async function writeToGame(game: Game, prefix: string, tools: WriterTools): Promise<void> {
  for (let count = 1; !tools.stopped.aborted; count++) {
    await rename(game, `${prefix}-${count}`, tools)
    await delay(tools.pause())
  }
}

async function rename(game: Game, mark: string, { send, record }: WriterTools): Promise<void> {
  const write = record.begin(mark, `game:${game.id}`)
  const input = { id: game.id, expectedVersion: game.version, name: mark }
  let isRepeat = false
  const attempt = await untilAnswered<Renamed>(async () => {
    const sent = await send<Renamed>(RENAME, { input })
    if (sent.kind === 'unknown') isRepeat = true
    return sent
  }, record)
  if (attempt.kind === 'unknown') return
  if (attempt.kind === 'done') {
    game.version = attempt.data.updateGame.game.version
    write.end('ok')
    return
  }
  const { code, details } = attempt
  const actual = Number(details['actual'])
  if (code !== 'STATS_VERSION_CONFLICT') {
    record.surprise(`${mark} was refused with ${code}`)
    write.end('unknown')
    return
  }
  // The only one who writes here meets a newer version only where an earlier attempt had its effect after all.
  const hadEffect = isRepeat && actual === game.version + 1
  game.version = actual
  write.end(hadEffect ? 'ok' : 'failed')
}

/** Sends until somebody says what became of it. */
export async function untilAnswered<Data>(
  attempt: () => Promise<Attempt<Data>>,
  record: WriteRecord,
): Promise<Attempt<Data>> {
  for (let count = 1; ; count++) {
    const sent = await attempt()
    if (sent.kind !== 'unknown') return sent
    if (count === MOST_ATTEMPTS) {
      record.surprise(`A write was not answered in ${count} attempts, the last time with ${sent.code}`)
      return sent
    }
    record.unansweredBy(sent.code)
    await delay(BEFORE_REPEAT_MS)
  }
}
