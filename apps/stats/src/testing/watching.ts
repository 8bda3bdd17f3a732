import { createIdentitySigner, IDENTITY_HEADER } from '@courtside/auth'
import type { SubgraphEvent, SubgraphEvents } from '@courtside/subgraph'
import { principals, type SubgraphHarness } from '@courtside/testing'

/** A `gameChanged` event as `watchGame` selects it, beside what its mark says. */
export interface WatchedChange {
  cursor: string
  kind: string
  gap: { reason: string } | null
  occurredAt: string
  recordedAt: string | null
  game: {
    id: string
    version: number
    status: string
    name: string | null
    home: { id: string }
    venue: { id: string } | null
  }
  mark: SubgraphEvent['mark']
}

export interface Watching {
  next(): Promise<WatchedChange>
  /** So many. */
  take(count: number): Promise<WatchedChange[]>
  /** Until its game has this version. */
  until(version: number): Promise<WatchedChange[]>
  /** Whether it has come to its end by itself. */
  isOver(): Promise<boolean>
  leave(): Promise<void>
}

const DOCUMENT = `subscription ($gameId: ID!, $after: Cursor) {
  gameChanged(gameId: $gameId, after: $after) {
    cursor kind gap { reason } occurredAt recordedAt
    game { id version status name home { id } venue { id } }
  }
}`

type Asked = { gameId: string; after?: string | null }

/** Subscribes as a fan without an account. */
export async function subscribeToGame({ subgraph, keys }: SubgraphHarness, variables: Asked) {
  const signer = await createIdentitySigner(keys.privateKey)
  const identity = await signer.assertionFor(principals.anonymous, 'stats')
  return subgraph.subscribe({
    query: DOCUMENT,
    variables: { ...variables },
    headers: { [IDENTITY_HEADER]: identity },
  })
}

export async function watchGame(stats: SubgraphHarness, variables: Asked): Promise<Watching> {
  const { events, errors } = await subscribeToGame(stats, variables)
  if (!events) throw new Error(`Refused: ${JSON.stringify(errors)}`)
  const next = async () => toChange(await expectNext(events))
  const takeWhile = async (goesOn: (taken: readonly WatchedChange[]) => boolean) => {
    const taken: WatchedChange[] = []
    while (goesOn(taken)) taken.push(await next())
    return taken
  }
  return {
    next,
    take: (count) => takeWhile((taken) => taken.length < count),
    until: (version) => takeWhile((taken) => taken.at(-1)?.game.version !== version),
    isOver: async () => (await events.next()).done === true,
    leave: async () => void (await events.return()),
  }
}

async function expectNext(events: SubgraphEvents): Promise<SubgraphEvent> {
  const { done, value } = await events.next()
  if (done) throw new Error('The subscription is over')
  if (value.errors) throw new Error(`An event failed: ${JSON.stringify(value.errors)}`)
  return value
}

function toChange({ data, mark }: SubgraphEvent): WatchedChange {
  const plain = JSON.parse(JSON.stringify(data)) as { gameChanged: Omit<WatchedChange, 'mark'> }
  return { ...plain.gameChanged, mark }
}
