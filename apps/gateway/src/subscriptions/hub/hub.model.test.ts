import { expect, test } from '@jest/globals'
import { silentLogger } from '@courtside/logger'
import fc from 'fast-check'
import { anonymousCaller } from './fixtures/reader.ts'
import type { Telling } from '../operation/index.ts'
import { createFaults, type ModelFaults } from './fixtures/model-faults.ts'
import { createModelLog, type ModelLog, type Told } from './fixtures/model-log.ts'
import { createModelSubgraph } from './fixtures/model-upstream.ts'
import { createVirtualTime, type VirtualTime } from './fixtures/virtual-time.ts'
import { type Batch, createSubscriptionHub, type HubSubscription, type SubscriptionHub } from './index.ts'

const which = fc.nat(11)
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('append' as const), count: fc.integer({ min: 1, max: 14 }) }),
  },
  {
    weight: 7,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 90 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constant(12_000) }) },
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constant('join' as const),
      back: fc.oneof(fc.constant(null), fc.integer({ min: -2, max: 30 })),
      manners: fc.record({
        /** With which of its batches it does something from inside of `deliver`. */
        at: fc.integer({ min: 1, max: 6 }),
        does: fc.constantFrom('nothing', 'leave', 'full', 'dismiss another', 'join another'),
      }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('leave' as const), who: which }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('slow' as const), who: which, isSlow: fc.boolean() }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('fail', 'repeat', 'skip'), who: fc.nat(3) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('stall' as const), who: fc.nat(3), isStalled: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('down' as const), isDown: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('slow completion' as const),
      ms: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('upstreams' as const),
      latencyMs: fc.integer({ min: 0, max: 60 }),
      canPause: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('away' as const), isAway: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('untold' as const), times: fc.constantFrom(1, 2, 7, 1_000) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restore' as const), lost: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), kept: fc.nat(20) }) },
)
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never
type Manners = Extract<Step, { do: 'join' }>['manners']

test('every client is sent the log after its cursor, in order, once, or begins anew', async () => {
  const limits = { maxLength: 70, size: 'max' } as const
  await fc.assert(
    fc.asyncProperty(fc.array(step, limits), fc.integer({ min: 1, max: 4 }), fc.boolean(), holds),
    { numRuns: 1_500 },
  )
}, 120_000)

async function holds(steps: readonly Step[], replays: number, endsByStop: boolean): Promise<void> {
  const time = createVirtualTime()
  const log = createModelLog()
  const subgraph = createModelSubgraph(log, time)
  const faults = createFaults()
  let completionMs: readonly number[] = [0]
  let completed = 0
  const hub = createSubscriptionHub({
    open: (_, after, receiver) => subgraph.open(after, receiver),
    publish: () => [],
    log: silentLogger,
    timers: time,
    random: () => 0.5,
    limits: {
      keptEvents: 10,
      batchEvents: 4,
      pendingEvents: 8,
      clientsPerLook: 2,
      sliceMs: 3,
      replaysOfTopic: replays,
      replays,
    },
  })
  const subscription = {
    topic: 'game',
    kind: 'log',
    subgraph: 'stats',
    reader: anonymousCaller,
    request: () => {
      throw new Error('The model is asked without a request')
    },
    complete(event: { data?: Record<string, unknown> | null }): Telling | Promise<Telling> {
      completed += 1
      const told = event.data?.['told'] as Told
      const telling = faults.of(told) ?? { text: JSON.stringify(told), told: 'whole', retryable: false }
      const ms = completionMs[completed % completionMs.length] ?? 0
      return ms === 0 ? telling : new Promise<Telling>((resolve) => time.after(ms, () => resolve(telling)))
    },
  } as const
  const clients: Client[] = []
  /** Until then, whoever has a cursor of this log needs no snapshot. */
  const history = { isWhole: true }
  const join = (back: number | null, manners: Manners) => {
    const from = back === null ? null : back < 0 ? 'another log' : Math.max(0, log.head - back)
    const client = createClient({ hub, subscription, log, time, history, faults, from })
    client.behave(manners, {
      join: () => join(null, { at: 0, does: 'nothing' }),
      dismiss: () => clients.find((other) => other !== client && other.isHere)?.leave(),
    })
    clients.push(client)
  }

  for (const one of steps) {
    await take(one)
    for (const client of clients) client.checkCursor()
  }

  subgraph.isDown = false
  subgraph.latencyMs = 0
  completionMs = [0]
  faults.isAway = false
  for (const upstream of subgraph.upstreams) upstream.setStalled(false)
  // Twice, as some are full with what they are sent now, and replays of a silent log do not know their place.
  for (const _ of [1, 2]) {
    for (const client of clients) client.setSlow(false)
    await time.advance(60_000)
    log.append()
    subgraph.changed()
    await time.advance(1_000)
  }
  for (const client of clients) client.setSlow(false)
  await time.advance(1_000)
  for (const client of clients) client.check()
  expect(hub.figures().upstreams).toBe(subgraph.upstreams.length)
  expect(subgraph.upstreams.length).toBeLessThanOrEqual(1)

  if (endsByStop) {
    hub.stop()
    for (const client of clients) client.silence()
    log.append()
    subgraph.changed()
  }
  for (const client of clients) client.leave()
  await time.advance(6_000)
  expect(hub.figures()).toMatchObject({ topics: 0, subscribers: 0, parked: 0, waiting: 0, upstreams: 0 })
  expect({ upstreams: subgraph.upstreams.length, timers: time.waiting }).toEqual({ upstreams: 0, timers: 0 })
  for (const client of clients) client.checkFailure()

  async function take(one: Step): Promise<void> {
    switch (one.do) {
      case 'append':
        for (let left = one.count; left > 0; left -= 1) log.append()
        return subgraph.changed()
      case 'wait':
        return time.advance(one.ms)
      case 'join':
        return join(one.back, one.manners)
      case 'leave':
        return clients[one.who]?.leave()
      case 'slow':
        return clients[one.who]?.setSlow(one.isSlow)
      case 'fail':
      case 'repeat':
      case 'skip':
        return subgraph.upstreams[one.who]?.[one.do]()
      case 'stall':
        return subgraph.upstreams[one.who]?.setStalled(one.isStalled)
      case 'down':
        subgraph.isDown = one.isDown
        return
      case 'slow completion':
        completionMs = one.ms
        return
      case 'upstreams':
        subgraph.latencyMs = one.latencyMs
        subgraph.canPause = one.canPause
        return
      case 'away':
        faults.isAway = one.isAway
        return
      case 'untold':
        return faults.plan(log.cursorAt(log.head + 1), one.times)
      case 'restore':
        history.isWhole = false
        log.loseLast(one.lost)
        return subgraph.changed()
      case 'remove':
        history.isWhole = false
        return log.keep(one.kept)
    }
  }
}

interface Client {
  readonly isHere: boolean
  behave(manners: Manners, world: { join(): void; dismiss(): void }): void
  setSlow(isSlow: boolean): void
  leave(): void
  /** Anything that it is sent from now on is a fault. */
  silence(): void
  checkCursor(): void
  /** That it has been sent everything. */
  check(): void
  checkFailure(): void
}

function must(isSo: boolean, what: string): void {
  if (!isSo) throw new Error(what)
}

interface ClientOptions {
  hub: SubscriptionHub
  subscription: Parameters<SubscriptionHub['subscribe']>[0]
  log: ModelLog
  time: VirtualTime
  history: { isWhole: boolean }
  faults: ModelFaults
  from: number | 'another log' | null
}

/** A client that knows what it must be sent, and looks at each payload. */
function createClient({ hub, subscription, log, time, history, faults, from }: ClientOptions): Client {
  const begunAt = typeof from === 'number' ? log.cursorAt(from) : from && '0:3'
  let facts = typeof from === 'number' ? log.facts.slice(0, from) : null
  let place = { epoch: log.epoch, seq: typeof from === 'number' ? from : 0 }
  let cursor = begunAt
  let failure: Error | null = null
  let end: 'left' | 'unavailable' | null = null
  let [isSlow, isFull, hasReturned, isSilent] = [false, false, false, false]
  let batches = 0
  let act: () => void = () => {}

  const onPayload = (told: Told) => {
    if (told.facts) {
      must(facts === null || !history.isWhole, 'a snapshot only for who has nothing, or where facts are gone')
      facts = [...told.facts]
    } else {
      must(facts !== null, 'a snapshot first')
      must(!told.isUntold || faults.isForEver(told), 'errors only in the place of what can never be told')
      must(told.epoch === place.epoch, 'one epoch until a snapshot')
      must(told.seq === place.seq + 1, `${told.seq} right after ${place.seq}`)
      facts?.push(told.fact ?? '')
    }
    place = { epoch: told.epoch, seq: told.seq }
  }
  const deliver = (batch: Batch) => {
    time.spend(1)
    try {
      must(hasReturned && !end && !isFull && !isSilent, 'told only while it listens')
      for (const payload of batch.payloads) {
        onPayload(JSON.parse(payload.text.toString()) as Told)
        cursor = payload.cursor
      }
      batches += 1
      isFull = isSlow
      act()
    } catch (error) {
      failure ??= error as Error
      throw error
    }
    return isFull ? ('full' as const) : undefined
  }
  const subscribed: HubSubscription = hub.subscribe(subscription, begunAt, {
    deliver,
    completed() {
      failure ??= new Error('The log does not end')
    },
    failed(errors) {
      end = 'unavailable'
      if (errors[0]?.extensions.code !== 'SUBGRAPH_UNAVAILABLE') failure ??= new Error('not for this reason')
    },
  })
  hasReturned = true

  return {
    get isHere() {
      return !end
    },
    behave({ at, does }, world) {
      act = () => {
        if (batches !== at) return
        if (does === 'full') isFull = true
        if (does === 'leave') this.leave()
        if (does === 'join another') world.join()
        if (does === 'dismiss another') world.dismiss()
      }
    },
    setSlow(slow) {
      isSlow = slow
      if (slow) return
      isFull = false
      subscribed.ready()
    },
    leave() {
      end ??= 'left'
      subscribed.stop()
    },
    silence() {
      isSilent = true
    },
    checkCursor: () => must(subscribed.cursor === cursor, `cursor ${subscribed.cursor}, not ${cursor}`),
    check() {
      this.checkFailure()
      if (end) return
      expect({ place, facts }).toEqual({ place: { epoch: log.epoch, seq: log.head }, facts: log.facts })
    },
    checkFailure() {
      if (failure) throw failure
    },
  }
}
