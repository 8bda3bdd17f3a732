/** The data behind all measured queries. Made of numbers alone, so that every process has the same. */

export interface Team {
  id: string
  name: string
  abbr: string
  city: string
}

export interface Game {
  id: string
  status: string
  startsAt: string
  venue: string
  homeId: string
  awayId: string
}

export interface LiveState {
  id: string
  clock: string
  period: number
  homeScore: number
  awayScore: number
  viewers: number
  lastPlay: { id: string; text: string }
  hostId: string
}

export interface User {
  id: string
  name: string
  handle: string
  avatarUrl: string
}

const TEAMS = 30
const GAMES = 200
const USERS = 1_000

const many = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index))

const byId = <Item extends { id: string }>(items: readonly Item[]): ReadonlyMap<string, Item> =>
  new Map(items.map((item) => [item.id, item]))

export const teams = byId(
  many<Team>(TEAMS, (index) => ({
    id: `t${index}`,
    name: `Team Name ${index}`,
    abbr: `T${index}`,
    city: `City ${index}`,
  })),
)

export const games = byId(
  many<Game>(GAMES, (index) => ({
    id: `g${index}`,
    status: index % 3 === 0 ? 'FINAL' : 'LIVE',
    startsAt: '2026-11-20T19:30:00Z',
    venue: `Arena ${index % 29}`,
    homeId: `t${index % TEAMS}`,
    awayId: `t${(index * 7 + 3) % TEAMS}`,
  })),
)

export const liveStates = byId(
  many<LiveState>(GAMES, (index) => ({
    id: `g${index}`,
    clock: `${index % 12}:${String(index % 60).padStart(2, '0')}`,
    period: 1 + (index % 4),
    homeScore: (index * 13) % 120,
    awayScore: (index * 17) % 120,
    viewers: 1_000 + index,
    lastPlay: { id: `p${index}`, text: `Player ${index} makes a jump shot` },
    hostId: `u${index % USERS}`,
  })),
)

export const users = byId(
  many<User>(USERS, (index) => ({
    id: `u${index}`,
    name: `User Name ${index}`,
    handle: `@handle_${index}`,
    avatarUrl: `https://cdn.example.com/avatars/u${index}.webp`,
  })),
)
