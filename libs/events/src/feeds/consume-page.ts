import type { Database } from '@courtside/database'
import type { Fact } from '../fact.ts'
import type { FactPage, FactPages, FeedPosition, RawClient } from '../log/index.ts'
import { addDeadLetter, dropDeadLetters } from './dead-letters.ts'
import {
  BEGINNING,
  insertOffset,
  type FeedOffset,
  isBefore,
  isSame,
  lockOffset,
  lockOffsetAt,
  saveOffset,
} from './offsets.ts'

/** The consumer's own database, with the tables of `feed-offsets.sql`. */
export type FeedDatabase<Tx extends RawClient> = Pick<Database<RawClient, Tx>, 'read' | 'transaction'>

export interface Consumer<Tx extends RawClient> {
  name: string
  database: FeedDatabase<Tx>
  pages: FactPages
  pageSize: number
  consume(tx: Tx, facts: readonly Fact[]): Promise<void>
  reset(tx: Tx): Promise<void>
}

export type Located = FactPage['facts'][number]

/** What is next for a feed. */
export type Next =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'facts'; readonly facts: readonly Located[] }
  /** The owner's log was restored: what was built of it may be wrong. */
  | { readonly kind: 'restored'; readonly page: FactPage }
  /** Retention has removed facts that the feed had not read. */
  | { readonly kind: 'missed'; readonly page: FactPage }

/** The feed's offset, made where there is none. */
export async function beginOrResume<Tx extends RawClient>(consumer: Consumer<Tx>): Promise<FeedOffset> {
  const { name, database, pages } = consumer
  const resumed = await database.transaction((tx) => lockOffset(tx, name))
  if (resumed !== null) return resumed
  const { epoch, removed } = await pages.page(BEGINNING, 0)
  const begun: FeedOffset = { epoch, position: BEGINNING, begunAt: removed }
  await database.transaction((tx) => insertOffset(tx, name, begun))
  return begun
}

export async function lookAhead<Tx extends RawClient>(
  { name, pages, pageSize }: Consumer<Tx>,
  { epoch, position, begunAt }: FeedOffset,
): Promise<Next> {
  const page = await pages.page(position, pageSize)
  if (page.epoch < epoch) throw new Error(`The feed ${name} reads a log that is older than what it has read`)
  if (page.epoch > epoch) return { kind: 'restored', page }
  if (isBefore(position, page.removed) && !isSame(page.removed, begunAt)) return { kind: 'missed', page }
  return page.facts.length === 0 ? { kind: 'nothing' } : { kind: 'facts', facts: page.facts }
}

/** The effect of these facts and the offset after them, or neither. */
export function take<Tx extends RawClient>(
  { name, database, consume }: Consumer<Tx>,
  offset: FeedOffset,
  facts: readonly Located[],
): Promise<FeedOffset> {
  const next = { ...offset, position: lastOf(facts) }
  return database.transaction(async (tx) => {
    await lockOffsetAt(tx, name, offset)
    await consume(
      tx,
      facts.map(({ fact }) => fact),
    )
    await saveOffset(tx, name, next)
    return next
  })
}

/** Puts a fact aside and goes on without it. */
export function putAside<Tx extends RawClient>(
  { name, database }: Consumer<Tx>,
  offset: FeedOffset,
  { fact, position }: Located,
  error: unknown,
  attempts: number,
): Promise<FeedOffset> {
  const next = { ...offset, position }
  return database.transaction(async (tx) => {
    await lockOffsetAt(tx, name, offset)
    await addDeadLetter(tx, name, fact, error, attempts)
    await saveOffset(tx, name, next)
    return next
  })
}

/** Clears what was built, and begins again. */
export function startOver<Tx extends RawClient>(
  { name, database, reset }: Consumer<Tx>,
  offset: FeedOffset,
  { epoch, removed }: FactPage,
): Promise<FeedOffset> {
  const next: FeedOffset = { epoch, position: BEGINNING, begunAt: removed }
  return database.transaction(async (tx) => {
    await lockOffsetAt(tx, name, offset)
    await reset(tx)
    await dropDeadLetters(tx, name)
    await saveOffset(tx, name, next)
    return next
  })
}

/** So that what was missed is told once. */
export function acceptMissed<Tx extends RawClient>(
  { name, database }: Consumer<Tx>,
  offset: FeedOffset,
  { removed }: FactPage,
): Promise<FeedOffset> {
  const next: FeedOffset = { ...offset, begunAt: removed }
  return database.transaction(async (tx) => {
    await lockOffsetAt(tx, name, offset)
    await saveOffset(tx, name, next)
    return next
  })
}

function lastOf(facts: readonly Located[]): FeedPosition {
  const last = facts.at(-1)
  if (last === undefined) throw new Error('A feed was to take no facts at all')
  return last.position
}
