import { beforeEach, describe, expect, test } from '@jest/globals'
import { WorkTurns } from './work-turns.ts'

const SLICE_MS = 4

/** A loop that is turned by hand; a piece of work takes its time on the clock of it. */
let now: number
let turns: number
let waiting: (() => void)[]
let work: WorkTurns
let done: string[]
beforeEach(() => {
  now = 0
  turns = 1
  waiting = []
  done = []
  work = new WorkTurns({ now: () => now, turns: () => turns, soon: (run) => waiting.push(run) }, SLICE_MS)
})

const microtasks = () => new Promise<void>((resolve) => process.nextTick(() => setImmediate(resolve)))
async function turnLoop() {
  turns += 1
  for (const run of waiting.splice(0)) run()
  await microtasks()
}
async function piece(name: string, milliseconds: number, after = 0) {
  await work.enter()
  now += milliseconds
  done.push(name)
  if (after === 0) return
  await Promise.resolve()
  now += after
}
const pieces = (count: number, milliseconds: number, after = 0) =>
  Array.from({ length: count }, (_, n) => piece(String(n), milliseconds, after))
const names = (count: number) => Array.from({ length: count }, (_, n) => String(n))

describe('turns of work', () => {
  test('let what is alone begin at once, in the turn it came in and however late', async () => {
    expect(work.enter()).toBeNull()
    await microtasks()
    turns += 1
    now += 1_000
    expect(work.enter()).toBeNull()
    expect(waiting).toHaveLength(0)
  })

  test('let all begin in one turn of the loop that fit into the slice', async () => {
    await Promise.all(pieces(100, 0.03))
    expect(done).toEqual(names(100))
    expect(waiting).toHaveLength(0)
  })

  test('go round the loop when the slice is over, and keep the order', async () => {
    const all = pieces(10, 1)
    await microtasks()
    const atOnce = [...done]
    expect(atOnce).toEqual(names(SLICE_MS))
    const slices = [atOnce.length]
    while (done.length < 10) {
      const before = done.length
      await turnLoop()
      slices.push(done.length - before)
    }
    await Promise.all(all)
    expect(slices).toEqual([4, 4, 2])
    expect(done).toEqual(names(10))
  })

  test('count what a piece causes afterwards', async () => {
    const all = pieces(10, 0.5, 1.5)
    await microtasks()
    // Two take the slice, and one had begun before the second was done.
    expect(done.length).toBeLessThanOrEqual(3)
    while (done.length < 10) await turnLoop()
    await Promise.all(all)
  })

  test('let nobody overtake those who wait', async () => {
    const all = pieces(6, 1)
    await microtasks()
    all.push(piece('late', 0))
    await microtasks()
    expect(done).toEqual(names(4))
    await turnLoop()
    await Promise.all(all)
    expect(done).toEqual([...names(6), 'late'])
  })

  test('make who comes after a full slice wait, though nobody else does', async () => {
    await piece('long', SLICE_MS + 1)
    await microtasks()
    const late = piece('late', 0)
    await microtasks()
    expect(done).toEqual(['long'])
    await turnLoop()
    await late
    expect(done).toEqual(['long', 'late'])
  })

  test('are not ended by a timer that ran before the loop has gone round', async () => {
    const all = pieces(5, 1)
    await microtasks()
    for (const run of waiting.splice(0)) run()
    await microtasks()
    expect(done).toHaveLength(4)
    await turnLoop()
    await Promise.all(all)
    expect(done).toHaveLength(5)
  })

  test('are those of the event loop itself', async () => {
    const real = new WorkTurns()
    let loops = 0
    let isOver = false
    const count = () => {
      loops += 1
      if (!isOver) setImmediate(count)
    }
    setImmediate(count)
    const busy = async () => {
      await real.enter()
      const until = performance.now() + 1
      while (performance.now() < until);
    }
    await Promise.all(Array.from({ length: 40 }, busy))
    isOver = true
    expect(loops).toBeGreaterThanOrEqual(8)
  })
})
