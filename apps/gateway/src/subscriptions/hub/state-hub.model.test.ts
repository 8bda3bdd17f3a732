import { expect, test } from '@jest/globals'
import { silentLogger } from '@courtside/logger'
import fc from 'fast-check'
import { type EventReceiver, TransportFailure } from '../../transports/index.ts'
import { anonymousCaller } from './fixtures/reader.ts'
import { createVirtualTime } from './fixtures/virtual-time.ts'
import { createSubscriptionHub, type HubSubscription } from './index.ts'

const which = fc.nat(7)
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('change' as const), key: fc.nat(5) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 60 }) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('join' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('leave' as const), who: which }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('slow' as const), who: which, isSlow: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fail' as const), who: fc.nat(2) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('slow completion' as const),
      ms: fc.integer({ min: 0, max: 30 }),
    }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

test('every client ends with the newest of each key, and no key goes back', async () => {
  const property = fc.asyncProperty(
    fc.array(step, { maxLength: 60, size: 'max' }),
    // With three of the six keys kept, most runs forget them.
    fc.constantFrom(3, 6),
    fc.boolean(),
    holds,
  )
  await fc.assert(property, { numRuns: 500 })
}, 60_000)

interface Upstream {
  change(key: number): void
  fail(): void
}

async function holds(steps: readonly Step[], keptEvents: number, canPause: boolean): Promise<void> {
  const time = createVirtualTime()
  const versions = [0, 0, 0, 0, 0, 0]
  const upstreams = new Set<Upstream>()
  let completionMs = 0
  const open = (receiver: EventReceiver) => {
    let waiting: { key: number; version: number }[] = []
    let isPaused = false
    const send = () => {
      while (!isPaused && upstreams.has(upstream)) {
        const next = waiting.shift()
        if (!next) return
        receiver.event({ data: { ...next }, mark: { kind: 'key', key: String(next.key) } })
      }
    }
    const upstream: Upstream = {
      change(key) {
        waiting.push({ key, version: versions[key] ?? 0 })
        time.after(0, send)
      },
      fail() {
        upstreams.delete(upstream)
        receiver.failed(new TransportFailure('lost', 'The connection broke'))
      },
    }
    upstreams.add(upstream)
    for (const key of versions.keys()) upstream.change(key)
    const stop = () => {
      waiting = []
      upstreams.delete(upstream)
    }
    const pause = () => {
      isPaused = true
    }
    const resume = () => {
      isPaused = false
      time.after(0, send)
    }
    return canPause ? { stop, pause, resume } : { stop }
  }
  const hub = createSubscriptionHub({
    open: (_, __, receiver) => open(receiver),
    publish: () => [],
    log: silentLogger,
    timers: time,
    random: () => 0.5,
    limits: { keptEvents, batchEvents: 2, pendingEvents: 5, clientsPerLook: 1, sliceMs: 2 },
  })
  const subscription = {
    topic: 'games',
    kind: 'state',
    subgraph: 'stats',
    reader: anonymousCaller,
    request: () => {
      throw new Error('The model is asked without a request')
    },
    complete({ data }: { data?: unknown }) {
      const text = JSON.stringify(data)
      const telling = { text, told: 'whole', retryable: false } as const
      if (completionMs === 0) return telling
      return new Promise<typeof telling>((resolve) => time.after(completionMs, () => resolve(telling)))
    },
  } as const
  const clients: ReturnType<typeof join>[] = []
  const join = () => {
    const seen = [-1, -1, -1, -1, -1, -1]
    let [isSlow, isFull, isHere] = [false, false, true]
    let failure: string | null = null
    const subscribed: HubSubscription = hub.subscribe(subscription, null, {
      deliver({ payloads }) {
        time.spend(1)
        if (isFull || !isHere) failure ??= 'told only while it listens'
        for (const { text } of payloads) {
          const { key, version } = JSON.parse(text.toString()) as { key: number; version: number }
          if (version < (seen[key] ?? 0)) failure ??= `key ${key} goes back to ${version}`
          seen[key] = version
        }
        isFull = isSlow
        return isFull ? 'full' : undefined
      },
      completed() {},
      failed() {
        failure ??= 'nothing fails for ever'
      },
    })
    return {
      seen,
      failure: () => failure,
      isHere: () => isHere,
      setSlow(slow: boolean) {
        isSlow = slow
        if (slow) return
        isFull = false
        subscribed.ready()
      },
      leave() {
        isHere = false
        subscribed.stop()
      },
    }
  }

  for (const one of steps) await take(one)
  for (const client of clients) client.setSlow(false)
  await time.advance(20_000)
  for (const client of clients) {
    expect(client.failure()).toBeNull()
    if (client.isHere()) expect(client.seen).toEqual(versions)
    client.leave()
  }
  await time.advance(6_000)
  expect(hub.figures()).toMatchObject({ topics: 0, subscribers: 0, parked: 0, upstreams: 0 })
  expect({ upstreams: upstreams.size, timers: time.waiting }).toEqual({ upstreams: 0, timers: 0 })

  async function take(one: Step): Promise<void> {
    switch (one.do) {
      case 'change':
        versions[one.key] = (versions[one.key] ?? 0) + 1
        for (const upstream of upstreams) upstream.change(one.key)
        return
      case 'wait':
        return time.advance(one.ms)
      case 'join':
        clients.push(join())
        return
      case 'leave':
        return clients[one.who]?.leave()
      case 'slow':
        return clients[one.who]?.setSlow(one.isSlow)
      case 'fail':
        return [...upstreams][one.who]?.fail()
      case 'slow completion':
        completionMs = one.ms
    }
  }
}
