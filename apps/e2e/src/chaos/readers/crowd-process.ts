import { setTimeout as delay } from 'node:timers/promises'
import { createSeededRandom } from '../seeded-random.ts'
import type { CrowdOrder, CrowdReport } from './crowd.ts'
import { createGameReader, type GameReader } from './game-reader.ts'

let members: { reader: GameReader; gameId: string }[] = []

const report = (said: CrowdReport) => process.send?.(said)

process.on('message', (order: CrowdOrder) => {
  if (order.order === 'begin') void begin(order)
  else void finish(order)
})

async function begin({ plan: { url, seed, members: planned } }: Extract<CrowdOrder, { order: 'begin' }>) {
  const random = createSeededRandom(seed)
  members = planned.map((member) => ({
    gameId: member.gameId,
    reader: createGameReader({ ...member, url, random }),
  }))
  await Promise.all(members.map(({ reader }) => reader.untilGiven(null)))
  report({ report: 'begun' })
}

async function finish({ lastMarks, limitMs }: Extract<CrowdOrder, { order: 'finish' }>) {
  const all = Promise.all(members.map(({ reader, gameId }) => reader.untilGiven(lastMarks[gameId] ?? null)))
  const cancel = new AbortController()
  await Promise.race([all, delay(limitMs, undefined, { signal: cancel.signal }).catch(() => {})])
  cancel.abort()
  for (const { reader } of members) reader.leave()
  report({
    report: 'finished',
    readers: members.map(({ reader: { history, figures } }) => ({ history, figures })),
  })
  process.disconnect()
  // Connections that were only told to end must not keep it.
  process.exit(0)
}
