import { expect, test } from '@jest/globals'
import { silentLogger } from '@courtside/logger'
import fc from 'fast-check'
import { type Bus, createMemoryNetwork, type MemoryNetwork } from '../bus/index.ts'
import { createModelLog, type ModelLog } from './fixtures/model-log.ts'
import { createVirtualTime, type VirtualTime } from './fixtures/virtual-time.ts'
import {
  createStreamHub,
  type Position,
  type StartingPoint,
  type StreamEvent,
  type StreamHub,
} from './index.ts'

/** After how many milliseconds each copy of a hint arrives: lost, once, doubled, late, overtaken. */
const journey = fc.oneof(
  { weight: 4, arbitrary: fc.constant([0]) },
  { weight: 2, arbitrary: fc.constant([]) },
  { weight: 3, arbitrary: fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 3 }) },
)
const stream = fc.constantFrom('game:1', 'game:2')
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      stream,
      hints: fc.array(fc.record({ journey, isBare: fc.boolean() }), { minLength: 1, maxLength: 6 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('append many' as const),
      stream,
      count: fc.integer({ min: 200, max: 1_100 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 400 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constant(70_000) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('cut bus' as const, 'mend bus' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('fail reads' as const), isFailing: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('slow reads' as const), ms: fc.integer({ min: 0, max: 80 }) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('join' as const),
      stream,
      from: fc.oneof(
        fc.constantFrom('live' as const, 'start' as const),
        fc.record({
          back: fc.oneof(fc.integer({ min: -3, max: 20 }), fc.integer({ min: 0, max: 1_000 })),
          isForeign: fc.boolean(),
        }),
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('leave' as const), who: fc.nat(9) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('slow' as const), who: fc.nat(9), isSlow: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('remove' as const),
      stream,
      keep: fc.oneof(fc.constant(0), fc.nat(300)),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restore' as const), stream, lost: fc.nat(5) }) },
)
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

test('every reader gets the log after its cursor, in order, once, or is told that it cannot', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), holds), { numRuns: 150 })
}, 120_000)

async function holds(steps: readonly Step[]): Promise<void> {
  const time = createVirtualTime()
  let hintJourney: readonly number[] = [0]
  const network = createMemoryNetwork({ timers: time, journey: () => hintJourney })
  const log = createModelLog(time)
  const [writer, bus] = [network.join(), network.join()]
  const hub = createStreamHub({ reader: log, bus, log: silentLogger, timers: time })
  const witnesses: Witness[] = []
  const publish = (name: string, hints: readonly { journey: readonly number[]; isBare: boolean }[]) => {
    for (const hint of hints) {
      hintJourney = hint.journey
      const fact = log.append(name)
      writer.publish([hint.isBare ? { stream: name, epoch: fact.epoch, seq: fact.seq } : fact])
    }
  }

  for (const one of steps) await take(one)
  await recover({ time, network, bus, log, witnesses })
  for (const witness of witnesses) witness.check()
  hub.drain()
  for (const witness of witnesses) witness.checkEnd()
  await Promise.all([bus.close(), writer.close()])

  async function take(one: Step): Promise<void> {
    switch (one.do) {
      case 'append':
        return publish(one.stream, one.hints)
      case 'append many':
        return publish(
          one.stream,
          Array.from({ length: one.count }, () => ({ journey: [], isBare: true })),
        )
      case 'wait':
        return time.advance(one.ms)
      case 'cut bus':
        return network.cut()
      case 'mend bus':
        return network.mend()
      case 'fail reads':
        log.isFailing = one.isFailing
        return
      case 'slow reads':
        log.latencyMs = one.ms
        return
      case 'join':
        witnesses.push(witness(hub, log, one.stream, toStartingPoint(log, one.stream, one.from)))
        return
      case 'leave':
        return witnesses[one.who]?.leave()
      case 'slow':
        return witnesses[one.who]?.setSlow(one.isSlow)
      case 'remove':
        return log.remove(one.stream, (log.head(one.stream)?.seq ?? 0) - one.keep)
      case 'restore':
        return log.loseLast(one.stream, one.lost)
    }
  }
}

interface World {
  time: VirtualTime
  network: MemoryNetwork
  bus: Bus
  log: ModelLog
  witnesses: readonly Witness[]
}

/** Everything works again and nothing happens any more: by now all must arrive. */
async function recover({ time, network, bus, log, witnesses }: World): Promise<void> {
  // A bus that has been there all the time says nothing, so that what its hints did not tell has to be found without it.
  if (bus.state.status === 'down') network.mend()
  log.isFailing = false
  log.latencyMs = 0
  // The longest pause between two attempts at reading is two seconds.
  await time.advance(3_000)
  for (const witness of witnesses) witness.setSlow(false)
  await time.advance(2_000)
}

type Join = Extract<Step, { do: 'join' }>

function toStartingPoint(log: ModelLog, name: string, from: Join['from']): StartingPoint {
  if (typeof from === 'string') return from
  const head = log.head(name) ?? { epoch: 1, seq: 0 }
  return { epoch: head.epoch + (from.isForeign ? 7 : 0), seq: Math.max(0, head.seq - from.back) }
}

interface Witness {
  setSlow(isSlow: boolean): void
  leave(): void
  /** That it has been told everything. */
  check(): void
  checkEnd(): void
}

/** Cheaper than `expect`, for what is looked at for each of a million facts. */
function must(isSo: boolean, what: string): void {
  if (!isSo) throw new Error(what)
}

/** A reader that looks at each event as it comes, and knows the log. */
function witness(hub: StreamHub, log: ModelLog, name: string, from: StartingPoint): Witness {
  let position: Position | null = from === 'start' ? { epoch: 0, seq: 0 } : from === 'live' ? null : from
  let told = new Map<number, unknown>()
  const joined = log.head(name) ?? { epoch: 1, seq: 0 }
  /** Its cursor is of another log, or of none. */
  let isSuspect = typeof from !== 'string' && (from.epoch !== joined.epoch || from.seq > joined.seq)
  let isSlow = false
  let hasLeft = false
  let isOver = false

  const onEvent = (event: StreamEvent) => {
    must(!hasLeft && !isOver, 'silence after the end')
    switch (event.kind) {
      case 'facts':
        for (const { stream: of, seq, epoch, payload } of event.facts) {
          must(of === name, 'facts of this stream only')
          // Who came for what is new begins with whatever is next.
          must(!position || seq === position.seq + 1, `${seq} not after ${position?.seq}`)
          position = { epoch, seq }
          told.set(seq, payload)
        }
        break
      case 'gap':
        must(!position || event.after === position.seq, `a gap after ${event.after}, not ${position?.seq}`)
        must(event.through > event.after, 'a gap of at least one')
        must(event.through <= (log.head(name)?.floor ?? 0), 'a gap only of what was removed')
        position = { epoch: position?.epoch ?? 0, seq: event.through }
        break
      case 'reset': {
        const epoch = log.head(name)?.epoch
        // Who has seen nothing belongs to the epoch that the hub knows, which may be one that has just ended.
        const before = position && position.seq > 0 ? position.epoch : 1
        must(isSuspect || epoch !== before, 'a reset only when the log went back')
        isSuspect = false
        position = event.head
        told = new Map()
        break
      }
      case 'end':
        isOver = true
    }
    return isSlow ? ('full' as const) : undefined
  }
  // The hub survives what a listener throws, so it is kept for the end.
  let failure: unknown = null
  const subscription = hub.subscribe(name, from, (event) => {
    try {
      return onEvent(event)
    } catch (error) {
      failure ??= error
      throw error
    }
  })

  return {
    setSlow(slow) {
      isSlow = slow
      if (!slow) subscription.resume()
    },
    leave() {
      hasLeft = true
      subscription.unsubscribe()
    },
    check() {
      if (hasLeft) return
      const head = log.head(name) ?? { epoch: 0, seq: 0 }
      const reached = position ?? subscription.position
      must(failure === null, String(failure))
      expect({ phase: subscription.phase, seq: reached?.seq }).toEqual({ phase: 'live', seq: head.seq })
      const facts = log.facts(name)
      for (const [seq, payload] of told) expect(payload).toEqual(facts[seq - 1]?.payload)
    },
    checkEnd: () => expect(isOver).toBe(!hasLeft),
  }
}
