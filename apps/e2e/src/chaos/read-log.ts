import { withConnection } from '@courtside/database/migrate'
import type { LoggedFact } from './history/index.ts'

/** Every fact of the log. Only those of games carry marks: the streams of teams repeat them. */
export function readLog(adminUrl: string): Promise<LoggedFact[]> {
  return withConnection(adminUrl, async (client) => {
    const { rows } = await client.query<{ stream: string; seq: string; mark: string | null }>(
      `SELECT stream, seq, CASE WHEN stream LIKE 'game:%' THEN payload #>> '{game,name}' END AS mark FROM facts`,
    )
    return rows.map(({ stream, seq, mark }) => ({ stream, seq: Number(seq), mark }))
  })
}
