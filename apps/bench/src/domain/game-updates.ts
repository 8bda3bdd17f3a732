import { games, liveStates, type LiveState, teams, users } from './league.ts'

/** One event of a game, at the root of the subscription. */
export interface GameUpdate {
  kind: 'SNAPSHOT' | 'CHANGED'
  seq: number
  cursor: string
  game: LiveState
}

/** What happens in the games of the league, for as many as listen. Games are numbered from 1 on, without gaps. */
export interface GameUpdates {
  /** Something happens in a game; returns the number of the event. */
  happen(gameId: string): number
  /** The game as it is, then what happens in it. */
  follow(gameId: string): AsyncIterableIterator<{ gameUpdated: GameUpdate }, undefined>
  /** Of all games, so far. */
  readonly followed: number
  /** How far a game has come. */
  head(gameId: string): number
}

type Root = { gameUpdated: GameUpdate }
type Waiting = (result: IteratorResult<Root, undefined>) => void

const DONE = { value: undefined, done: true } as const

export function createGameUpdates(): GameUpdates {
  const heads = new Map<string, number>()
  const followers = new Map<string, Set<(root: Root) => void>>()
  let followed = 0
  const head = (gameId: string) => heads.get(gameId) ?? 0
  return {
    head,
    get followed() {
      return followed
    },
    happen(gameId) {
      const seq = head(gameId) + 1
      heads.set(gameId, seq)
      const root = { gameUpdated: toUpdate('CHANGED', gameId, seq) }
      for (const tell of followers.get(gameId) ?? []) tell(root)
      return seq
    },
    follow(gameId) {
      followed += 1
      const ready: Root[] = [{ gameUpdated: toUpdate('SNAPSHOT', gameId, head(gameId)) }]
      const waiting: Waiting[] = []
      const mine = followers.get(gameId) ?? new Set()
      followers.set(gameId, mine)
      const tell = (root: Root) => {
        const first = waiting.shift()
        if (first) first({ value: root, done: false })
        else ready.push(root)
      }
      mine.add(tell)
      return {
        [Symbol.asyncIterator]() {
          return this
        },
        next() {
          const value = ready.shift()
          if (value) return Promise.resolve({ value, done: false })
          return new Promise((resolve) => waiting.push(resolve))
        },
        return() {
          mine.delete(tell)
          for (const resolve of waiting.splice(0)) resolve(DONE)
          return Promise.resolve(DONE)
        },
      }
    },
  }
}

function toUpdate(kind: GameUpdate['kind'], gameId: string, seq: number): GameUpdate {
  const state = liveStates.get(gameId)
  if (!state) throw new Error(`There is no game ${gameId}`)
  // Numbers of the same length keep all messages of a measurement equally long.
  const game = {
    ...state,
    clock: `${seq % 12}:${String(seq % 60).padStart(2, '0')}`,
    viewers: 1_000_000 + seq,
    lastPlay: { id: `p${seq}`, text: `Player ${seq % 12} makes jump shot number ${1_000_000 + seq}` },
  }
  return { kind, seq, cursor: String(seq), game }
}

/** What the subscription of the measurements answers to an event, whichever gateway it comes through. */
export function expectedUpdate(gameId: string, { kind, seq }: Pick<GameUpdate, 'kind' | 'seq'>): object {
  const { cursor, game } = toUpdate(kind, gameId, seq)
  const fixture = games.get(gameId)
  const [home, away] = [teams.get(fixture?.homeId ?? ''), teams.get(fixture?.awayId ?? '')]
  const host = users.get(game.hostId)
  const { id, clock, period, homeScore, awayScore, viewers } = game
  return {
    kind,
    cursor,
    seq,
    game: {
      ...{ id, clock, period, homeScore, awayScore, viewers, status: fixture?.status },
      home: { name: home?.name, abbr: home?.abbr },
      away: { name: away?.name, abbr: away?.abbr },
      lastPlay: { text: game.lastPlay.text },
      hostUser: { name: host?.name, handle: host?.handle },
    },
  }
}
