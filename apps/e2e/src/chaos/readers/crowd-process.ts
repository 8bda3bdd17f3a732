import { setTimeout as delay } from 'node:timers/promises'
import { createSeededRandom } from '../seeded-random.ts'
import type { CrowdOrder, CrowdReport } from './crowd.ts'
import { createGameReader, type GameReader } from './game-reader.ts'

let members: { reader: GameReader; gameId: string }[] = []

/** Fulfils when it is on its way: what ends before has said nothing. */
const report = (said: CrowdReport) =>
  new Promise<void>((resolve) => process.send?.(said, undefined, undefined, () => resolve()))

process.on('message', (order: CrowdOrder) => {
  if (order.order === 'begin') void begin(order)
  else void finish(order)
})

// Whoever gathered it is gone, and nobody would ask what it was told.
process.once('disconnect', () => process.exit(1))

async function begin({ plan: { url, seed, members: planned } }: Extract<CrowdOrder, { order: 'begin' }>) {
  const random = createSeededRandom(seed)
  members = planned.map((member) => ({
    gameId: member.gameId,
    reader: createGameReader({ ...member, url, random }),
  }))
  await Promise.all(members.map(({ reader }) => reader.untilAt(null)))
  await report({ report: 'begun' })
}

async function finish({ lastMarks, limitMs }: Extract<CrowdOrder, { order: 'finish' }>) {
  const all = Promise.all(members.map(({ reader, gameId }) => reader.untilAt(lastMarks[gameId] ?? null)))
  await Promise.race([all, delay(limitMs)])
  for (const { reader } of members) reader.leave()
  await report({
    report: 'finished',
    readers: members.map(({ reader: { history, figures } }) => ({ history, figures })),
  })
  // Neither the limit nor connections that were only told to end must keep it.
  process.exit(0)
}
