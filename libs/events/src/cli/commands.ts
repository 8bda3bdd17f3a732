import { StartupError } from '@courtside/kernel'
import type { StreamsCommand } from './arguments.ts'

/** The database of a subgraph, as its owner. */
export interface Owner {
  subgraph: string
  query<Row>(sql: string): Promise<Row[]>
  yes: boolean
}

/** Each says what it found or did. */
export const COMMANDS: Record<StreamsCommand, (owner: Owner) => Promise<string>> = {
  async heads(owner) {
    await assertTable(owner, 'stream_heads', 'has no log')
    const [log] = await owner.query<{ epoch: number }>('SELECT epoch FROM stream_log')
    const kinds = await owner.query<Record<string, unknown>>(`
      SELECT split_part(stream, ':', 1) AS kind, count(*)::int AS streams, sum(seq - floor)::int8::text AS facts,
        sum(floor)::int8::text AS removed
      FROM stream_heads WHERE seq > 0 GROUP BY kind ORDER BY kind`)
    const longest = await owner.query<Record<string, unknown>>(`
      SELECT stream, epoch, seq::text, floor::text FROM stream_heads WHERE seq > 0
      ORDER BY stream_heads.seq DESC, stream LIMIT 20`)
    return [`Epoch ${log?.epoch}.`, toTable(kinds), 'The longest streams:', toTable(longest)].join('\n\n')
  },

  async 'dead-letters'(owner) {
    await assertTable(owner, 'feed_dead_letters', 'has no feeds')
    const letters = await owner.query<Record<string, unknown>>(`
      SELECT feed, stream, seq::text, fact ->> 'type' AS type, attempts,
        to_char(failed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS failed_at, error
      FROM feed_dead_letters ORDER BY feed_dead_letters.failed_at, stream, feed_dead_letters.seq LIMIT 100`)
    return letters.length === 0 ? `No feed of ${owner.subgraph} has put anything aside.` : toTable(letters)
  },

  async 'bump-epoch'(owner) {
    await assertTable(owner, 'stream_log', 'has no log')
    const [others] = await owner.query<{ sessions: number }>(`
      SELECT count(*)::int AS sessions FROM pg_stat_activity
      WHERE datname = current_database() AND application_name LIKE 'courtside-${owner.subgraph}%'`)
    if (others && others.sessions > 0 && !owner.yes) {
      throw new StartupError(
        `${owner.subgraph} has ${others.sessions} connections to this database: what it writes now may get numbers that clients know for other facts.\nStop its processes first, or add --yes.`,
      )
    }
    const [bumped] = await owner.query<{ epoch: number }>('SELECT bump_stream_epoch() AS epoch')
    return `The log of ${owner.subgraph} is in epoch ${bumped?.epoch} now. Clients begin anew with a snapshot, and feeds from the beginning.`
  },
}

async function assertTable({ query, subgraph }: Owner, table: string, otherwise: string): Promise<void> {
  const [found] = await query<{ there: boolean }>(`SELECT to_regclass('${table}') IS NOT NULL AS there`)
  if (found?.there === true) return
  throw new StartupError(
    `${subgraph} ${otherwise}: its database has no table ${table}.\nRun: npm run db -- status ${subgraph}`,
  )
}

/** Columns under their names, each as wide as it needs to be. */
function toTable(rows: readonly Record<string, unknown>[]): string {
  const names = Object.keys(rows[0] ?? {})
  if (names.length === 0) return '(none)'
  const lines = [names, ...rows.map((row) => names.map((name) => String(row[name]).replaceAll('\n', ' ')))]
  const widths = names.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  return lines
    .map((line) =>
      line
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
