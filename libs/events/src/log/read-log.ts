import { type FactRow, toFact } from './fact-row.ts'
import type { LogDatabase } from './log-database.ts'
import type { Head, LogReader } from './log-reader.ts'

const LARGEST_READ = 1_000

interface HeadRow {
  stream: string
  epoch: number
  seq: bigint
  floor: bigint
}

export function createLogReader(db: Pick<LogDatabase, 'read'>): LogReader {
  return {
    async readAfter(stream, seq, limit) {
      const rows = await db.read(
        (client) => client.$queryRaw<FactRow[]>`
          SELECT fact.stream, fact.seq, head.epoch, fact.type, fact.payload, fact.occurred_at, fact.recorded_at,
            fact.media_time_ms
          FROM facts AS fact JOIN stream_heads AS head ON head.stream = fact.stream
          WHERE fact.stream = ${stream} AND fact.seq > ${seq}::bigint
          ORDER BY fact.seq
          LIMIT ${Math.min(limit, LARGEST_READ)}::int`,
      )
      return rows.map(toFact)
    },

    async heads(streams) {
      if (streams.length === 0) return new Map()
      const rows = await db.read(
        // A refused first append can leave a head without facts.
        (client) => client.$queryRaw<HeadRow[]>`
          SELECT stream, epoch, seq, floor FROM stream_heads WHERE stream = ANY (${[...streams]}::text[]) AND seq > 0`,
      )
      return new Map(rows.map((row) => [row.stream, toHead(row)]))
    },
  }
}

const toHead = ({ epoch, seq, floor }: HeadRow): Head => ({ epoch, seq: Number(seq), floor: Number(floor) })
