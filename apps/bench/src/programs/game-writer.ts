// Writes changes of games as stats does, and tells when each was committed.
// Usage: node game-writer.ts <WriterSettings as JSON>
import {
  afterCommit,
  factKey,
  openStreams,
  throwAwayStreamSettings,
  withAfterCommit,
} from '@courtside/events'
import { createLogger } from '@courtside/logger'
import { openStatsDatabase } from '@courtside/stats/database'
import { sharedNow } from '../machine/index.ts'
import type { Happened, Happening } from '../streams/index.ts'

export interface WriterSettings {
  databaseUrl: string
  bus: { kind: 'postgres' } | { kind: 'redis'; url: string }
}

export interface Written {
  /** With the moment at which the commit returned. */
  happened: Happened
  /** What the slowest transaction took: whether the schedule was kept. */
  slowestMs: number
}

const { databaseUrl, bus } = JSON.parse(process.argv[2] ?? '') as WriterSettings
const log = createLogger({ name: 'writer', level: 'warn', pretty: false })
const db = withAfterCommit(openStatsDatabase(databaseUrl, log), log)
const settings = { ...throwAwayStreamSettings(), bus }
const streams = openStreams({ name: 'stats', db, databaseUrl, settings, retention: [], log })

process.on('message', (happening: Happening) => {
  void writeAll(happening).then((written) => process.send?.(written satisfies Written))
})
process.send?.('ready')

/** Each is begun when it is due, whether those before it have been committed or not. */
async function writeAll({ gameIds, times, everyMs }: Happening): Promise<Written> {
  const begun = sharedNow()
  const writes: Promise<{ written: Happened[number]; tookMs: number }>[] = []
  for (let time = 0; time < times; time++) {
    const gameId = gameIds[time % gameIds.length]
    if (gameId === undefined) break
    const waitMs = begun + time * everyMs - sharedNow()
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
    writes.push(write(gameId, time))
    // As fast as it goes is one after the other.
    if (everyMs === 0) await writes.at(-1)
  }
  const all = await Promise.all(writes)
  return {
    happened: all.map(({ written }) => written),
    slowestMs: Math.max(0, ...all.map(({ tookMs }) => tookMs)),
  }
}

async function write(gameId: string, time: number) {
  const begun = sharedNow()
  let committedAt = begun
  const version = await db.transaction(async (tx) => {
    const game = await tx.game.update({
      where: { id: gameId },
      data: { round: `Round ${1_000 + (time % 1_000)}`, version: { increment: 1 }, updatedAt: new Date() },
    })
    // Before what tells others, which runs in this order.
    afterCommit(tx, () => (committedAt = sharedNow()))
    const fact = {
      key: factKey(gameId, String(game.version)),
      type: 'game-changed',
      payload: { v: 1, kind: 'DETAILS', game },
      occurredAt: game.updatedAt,
    }
    const teams = [game.homeTeamId, game.awayTeamId].sort().map((id) => `team:${id}`)
    await streams.log.appendAll(
      tx,
      [`game:${gameId}`, ...teams].map((stream) => ({ ...fact, stream })),
    )
    return game.version
  })
  return { written: [gameId, version, committedAt] as const, tookMs: committedAt - begun }
}
