import type { AccountsHarness } from './open-accounts.ts'

export interface TableRow {
  table: string
  row: Readonly<Record<string, unknown>>
}

/** What Prisma's migrations remember, which the application may not even see. */
const OF_MIGRATIONS = '_prisma_migrations'

export async function tablesOf(accounts: AccountsHarness): Promise<string[]> {
  const rows = await accounts.sql<{ name: string }>(
    `SELECT relname AS name FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname <> $1 ORDER BY 1`,
    [OF_MIGRATIONS],
  )
  return rows.map(({ name }) => name)
}

/** Every row of every table that names one of these ids, wherever in it, as the superuser sees it. */
export async function rowsNaming(accounts: AccountsHarness, ...ids: readonly string[]): Promise<TableRow[]> {
  const found: TableRow[] = []
  for (const table of await tablesOf(accounts)) {
    const rows = await accounts.sql<{ row: TableRow['row'] }>(
      `SELECT to_jsonb(entry) AS row FROM "${table}" AS entry
       WHERE to_jsonb(entry)::text LIKE ANY($1) ORDER BY to_jsonb(entry)::text`,
      [ids.map((id) => `%${id}%`)],
    )
    found.push(...rows.map(({ row }) => ({ table, row })))
  }
  return found
}
