import { type Database, type Sql, sql, type Tx } from '../db.ts'

/**
 * Words that share fewer of their three-letter groups with the best fitting part of a text do not match it. Postgres
 * would take 0.6, which misses one letter wrong in a word of five.
 */
const THRESHOLD = '0.35'

/** The threshold is a setting of the session, so a search is a transaction: the setting ends with it. */
export function withSearchThreshold<T>(database: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  return database.transaction(async (tx) => {
    await tx.$executeRaw`SELECT set_config('pg_trgm.word_similarity_threshold', ${THRESHOLD}, true)`
    return work(tx)
  })
}

/** Shorter ones have no three-letter group inside, so that `LIKE` would read the whole index. */
const SHORTEST_PART = 3

/** Whether a text resembles the words or contains them, and how well, as an integer: exact in a cursor. */
export function matchOf(text: Sql, words: string): { matches: Sql; score: Sql } {
  const folded = sql`fold_text(${words})`
  const pattern = words.replace(/[\\%_]/g, '\\$&')
  const contains = sql`${text} LIKE '%' || fold_text(${pattern}) || '%'`
  return {
    matches:
      words.length < SHORTEST_PART ? sql`${text} %> ${folded}` : sql`(${text} %> ${folded} OR ${contains})`,
    // How well the words fit somewhere counts most; among those that fit alike, the shorter text is meant.
    score: sql`round((0.7 * word_similarity(${folded}, ${text}) + 0.3 * similarity(${folded}, ${text})) * 1000000)::int`,
  }
}
