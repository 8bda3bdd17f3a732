import type { Delivery, Reader } from '../history/index.ts'
import type { SeededRandom } from '../seeded-random.ts'
import { type ResultError, TRANSPORTS, type TransportName } from '../../transports/index.ts'
import { GAME_CHANGES, type GameChanged, oddityOf } from './game-event.ts'

export interface GameReaderOptions {
  name: string
  url: string
  gameId: string
  transport: TransportName
  address: string
  random: SeededRandom
}

/** What a reader went through, for the figures of a run. */
export interface ReaderFigures {
  reconnects: number
  gaps: number
  /** Between the commit of a fact and its arrival here, in milliseconds. */
  maxLagMs: number
  /** Events that came without what accounts tells. */
  partial: number
  /** Why its connections ended, and how often. */
  ends: Record<string, number>
  /** What no fault excuses in what accounts told. */
  oddities: string[]
}

/** A client that goes on after its last cursor, whatever ends its connections, until it is told to leave. */
export interface GameReader {
  readonly history: Reader
  readonly figures: ReaderFigures
  /** Fulfils when the newest that it was given has this mark; null means anything at all. */
  untilAt(mark: string | null): Promise<void>
  leave(): void
}

/** Between two attempts, drawn anew each time: not all come back in the same moment. */
const LONGEST_WAIT_MS = 500

export function createGameReader(options: GameReaderOptions): GameReader {
  const { name, url, gameId, transport, address, random } = options
  const deliveries: Delivery[] = []
  const figures: ReaderFigures = { reconnects: 0, gaps: 0, maxLagMs: 0, partial: 0, ends: {}, oddities: [] }
  const waiting = new Set<{ mark: string | null; fulfil(): void }>()
  let cursor: string | null = null
  let hasLeft = false
  let end: () => void = () => {}
  let again: NodeJS.Timeout | undefined

  const take = (event: GameChanged, errors: readonly ResultError[]) => {
    const { gameChanged } = event
    const oddity = oddityOf(event, errors)
    if (oddity !== null) figures.oddities.push(`${name} was told ${oddity}`)
    if (gameChanged.game.home.followerCount === null) figures.partial++
    const { kind, recordedAt, gap, game } = gameChanged
    cursor = gameChanged.cursor
    const isSnapshot = kind === 'SNAPSHOT'
    deliveries.push(
      isSnapshot
        ? { kind: 'snapshot', mark: game.name, gap: gap !== null }
        : { kind: 'fact', mark: game.name },
    )
    if (gap !== null) figures.gaps++
    if (recordedAt !== null)
      figures.maxLagMs = Math.max(figures.maxLagMs, Date.now() - Date.parse(recordedAt))
    for (const one of waiting) if (one.mark === null || one.mark === game.name) one.fulfil()
  }
  const connect = () => {
    end = TRANSPORTS[transport](
      { url, query: GAME_CHANGES, variables: { gameId, after: cursor }, address },
      {
        next: (data, errors) => take(data as GameChanged, errors),
        ended(reason) {
          if (hasLeft) return
          figures.reconnects++
          figures.ends[reason] = (figures.ends[reason] ?? 0) + 1
          again = setTimeout(connect, random.fraction() * LONGEST_WAIT_MS)
        },
      },
    )
  }
  connect()

  return {
    history: { name, stream: `game:${gameId}`, deliveries },
    figures,
    untilAt(mark) {
      const newest = deliveries.at(-1)
      if (newest && (mark === null || newest.mark === mark)) return Promise.resolve()
      return new Promise((resolve) => {
        const waiter = {
          mark,
          fulfil() {
            waiting.delete(waiter)
            resolve()
          },
        }
        waiting.add(waiter)
      })
    },
    leave() {
      hasLeft = true
      clearTimeout(again)
      end()
    },
  }
}
