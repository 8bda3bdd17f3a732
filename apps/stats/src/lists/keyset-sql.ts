import { type CursorValue, DomainError, isUuid, type PageRequest } from '@courtside/kernel'
import { join, raw, type Sql, sql } from '../db.ts'

export interface SortColumn {
  sql: Sql
  type: 'text' | 'uuid' | 'timestamp' | 'integer'
}

/** All columns in one direction and the last of them unique: so one index walks the list, either way. */
export interface SortOrder {
  columns: readonly SortColumn[]
  direction: 'asc' | 'desc'
}

/** The clauses of a page. As a comparison of rows, so that Postgres begins at the cursor instead of skipping to it. */
export interface KeysetSql {
  beyond: Sql
  orderBy: Sql
  /** One row more than asked for: that one tells whether the list goes on. */
  limit: number
}

export function keysetSql({ columns, direction }: SortOrder, page: PageRequest): KeysetSql {
  const ascending = (direction === 'asc') === (page.direction === 'forward')
  const names = columns.map((column) => column.sql)
  const { cursor } = page
  return {
    beyond:
      cursor === null
        ? sql`TRUE`
        : sql`(${join(names)}) ${raw(ascending ? '>' : '<')} (${join(columns.map((column, index) => toValue(column, cursor[index] ?? null)))})`,
    orderBy: join(names.map((name) => sql`${name} ${raw(ascending ? 'ASC' : 'DESC')}`)),
    limit: page.limit + 1,
  }
}

/** A cursor comes from the client: what Postgres would refuse is refused here, in words. */
function toValue({ type }: SortColumn, value: CursorValue): Sql {
  switch (type) {
    case 'uuid':
      if (typeof value === 'string' && isUuid(value)) return sql`${value}::uuid`
      break
    case 'timestamp':
      if (typeof value === 'string' && isIsoTime(value)) return sql`${value}::timestamptz`
      break
    case 'integer':
      if (typeof value === 'number' && Number.isSafeInteger(value)) return sql`${value}::bigint`
      break
    case 'text':
      if (typeof value === 'string' && !value.includes('\u0000') && value.isWellFormed()) return sql`${value}`
  }
  throw foreignCursor()
}

/** Exactly what `Date.toISOString` writes, for years that Postgres writes alike. */
function isIsoTime(text: string): boolean {
  const date = new Date(text)
  return /^[12]\d{3}-/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString() === text
}

export const foreignCursor = () =>
  new DomainError({
    kind: 'invalid',
    code: 'BAD_USER_INPUT',
    message: 'This cursor does not belong to this list. Use a cursor as the list returned it.',
  })
