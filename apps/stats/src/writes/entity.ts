import type { NewFact } from '@courtside/events'
import type { DomainError } from '@courtside/kernel'
import type { Tx } from '../db.ts'

/** Rows elsewhere that may refer to a row: by column there, the field here. */
export interface Referrer<Row> {
  table: string
  columns: Readonly<Record<string, keyof Row & string>>
  /** Those rows in words, plural. */
  what: string
}

/** What a change of a row adds to the log. Writing it down adds who, when and in which request. */
export type EntityFact = Pick<NewFact, 'stream' | 'key' | 'type' | 'payload'>

/** What reading and writing one kind of row needs to know of it. */
export interface Entity<Row extends { id: string }> {
  /** The type's name in the graph. */
  name: string
  table: string
  find(tx: Tx, id: string): Promise<Row | null>
  /** Everything that may refer to a row; a test compares this with the foreign keys of the database. */
  referrers: readonly Referrer<Row>[]
  /** What somebody can do who wanted to delete a row to which others refer. */
  remedy: string
  /** By name of the unique index: what it means for the caller that the row exists already. */
  conflicts: Readonly<Record<string, () => DomainError>>
  /** What others hear of a change: the row before and after it, null where it is not there. Default: nothing. */
  facts?(before: Row | null, after: Row | null): readonly EntityFact[]
}
