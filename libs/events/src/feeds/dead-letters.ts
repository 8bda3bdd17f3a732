import type { Fact } from '../fact.ts'
import type { RawClient } from '../log/index.ts'

/** A fact that a feed could not take, and went on without. */
export interface DeadLetter {
  readonly fact: Fact
  readonly error: string
  readonly attempts: number
  readonly failedAt: Date
}

const LONGEST_ERROR = 2_000

interface DeadLetterRow {
  fact: Omit<Fact, 'occurredAt' | 'recordedAt'> & { occurredAt: string; recordedAt: string }
  error: string
  attempts: number
  failed_at: Date
}

export async function addDeadLetter(
  tx: RawClient,
  feed: string,
  fact: Fact,
  error: unknown,
  attempts: number,
): Promise<void> {
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  await tx.$queryRaw`
    INSERT INTO feed_dead_letters (feed, stream, seq, fact, error, attempts)
    VALUES (${feed}, ${fact.stream}, ${fact.seq}::bigint, ${JSON.stringify(fact)}::jsonb,
      ${said.replaceAll('\u0000', '').toWellFormed().slice(0, LONGEST_ERROR)}, ${attempts}::int)`
}

/** The oldest failures first. */
export async function readDeadLetters(client: RawClient, feed: string, limit: number): Promise<DeadLetter[]> {
  const rows = await client.$queryRaw<DeadLetterRow[]>`
    SELECT fact, error, attempts, failed_at FROM feed_dead_letters
    WHERE feed = ${feed} ORDER BY failed_at, stream, seq LIMIT ${limit}::int`
  return rows.map((row) => ({
    fact: toFact(row.fact),
    error: row.error,
    attempts: row.attempts,
    failedAt: row.failed_at,
  }))
}

/** Takes it out; null when it is not there (any more). */
export async function takeDeadLetter(
  tx: RawClient,
  feed: string,
  { stream, seq }: Pick<Fact, 'stream' | 'seq'>,
): Promise<Fact | null> {
  const [row] = await tx.$queryRaw<Pick<DeadLetterRow, 'fact'>[]>`
    DELETE FROM feed_dead_letters WHERE feed = ${feed} AND stream = ${stream} AND seq = ${seq}::bigint RETURNING fact`
  return row === undefined ? null : toFact(row.fact)
}

export async function dropDeadLetters(tx: RawClient, feed: string): Promise<void> {
  await tx.$queryRaw`DELETE FROM feed_dead_letters WHERE feed = ${feed}`
}

const toFact = (fact: DeadLetterRow['fact']): Fact => ({
  ...fact,
  occurredAt: new Date(fact.occurredAt),
  recordedAt: new Date(fact.recordedAt),
})
