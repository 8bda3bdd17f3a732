import { join, raw, sql, type Tx } from '../db.ts'
import type { Reference } from '../errors.ts'
import type { Referrer } from './entity.ts'

/** Makes everybody wait who would change the row, or begin to refer to it, until this transaction ends. */
export async function lockRow(tx: Tx, table: string, id: string): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM ${raw(table)} WHERE id = ${id}::uuid FOR UPDATE`
}

export async function deleteRow(tx: Tx, table: string, id: string): Promise<void> {
  await tx.$executeRaw`DELETE FROM ${raw(table)} WHERE id = ${id}::uuid`
}

/** What refers to the row, without those of whom there is none. */
export async function countReferences<Row>(
  tx: Tx,
  referrers: readonly Referrer<Row>[],
  row: Row,
): Promise<Reference[]> {
  if (referrers.length === 0) return []
  const referring = referrers.map(({ table, columns, what }) => {
    const conditions = Object.entries(columns).map(
      ([column, field]) => sql`${raw(column)} = ${row[field]}::uuid`,
    )
    return sql`SELECT ${what}::text AS what FROM ${raw(table)} WHERE ${join(conditions, ' AND ')}`
  })
  return tx.$queryRaw<Reference[]>`
    SELECT what, count(*)::int AS count FROM (${join(referring, ' UNION ALL ')}) AS referring GROUP BY what ORDER BY what`
}
