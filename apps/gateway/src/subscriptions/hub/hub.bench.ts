import { anonymous } from '@courtside/auth'
import { silentLogger } from '@courtside/logger'
import type { EventReceiver } from '../../transports/index.ts'
import type { RunnableSubscription } from '../operation/index.ts'
import { createSubscriptionHub } from './index.ts'

// What the hub itself costs, with outlets that only count:
//   node --expose-gc apps/gateway/src/subscriptions/hub/hub.bench.ts

const TEXT = JSON.stringify({ data: { gameChanged: { fact: 'x'.repeat(400) } } })
let delivered = 0

function openHub() {
  const receivers: EventReceiver[] = []
  const hub = createSubscriptionHub({
    open(_, __, receiver) {
      receivers.push(receiver)
      return { stop: () => {}, pause: () => {}, resume: () => {} }
    },
    publish: () => [],
    log: silentLogger,
  })
  return { hub, receivers }
}

function toSubscription(topic: string): RunnableSubscription {
  return {
    topic,
    kind: 'log',
    subgraph: 'stats',
    reader: {
      principal: anonymous,
      requestId: '',
      clientAddress: null,
      clientAgent: null,
      log: silentLogger,
      cancellation: null,
    },
    request: () => {
      throw new Error('The upstream of a measurement is opened without a request')
    },
    complete: () => ({ text: TEXT, told: 'whole', retryable: false }),
  }
}

const outlet = () => ({
  count: 0,
  deliver(batch: { payloads: readonly unknown[] }) {
    this.count += batch.payloads.length
    delivered += batch.payloads.length
    return undefined
  },
  completed() {},
  failed() {},
})

async function collect(): Promise<void> {
  for (let times = 3; times > 0; times -= 1) {
    await turn()
    globalThis.gc?.()
  }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

async function measureDeliveries(subscribers: number, burst: number): Promise<void> {
  const { hub, receivers } = openHub()
  const subscription = toSubscription('game')
  for (let left = subscribers; left > 0; left -= 1) hub.subscribe(subscription, null, outlet())
  const [receiver] = receivers
  let seq = 0
  const send = (events: number) => {
    for (let left = events; left > 0; left -= 1) {
      seq += 1
      const mark = { kind: 'place', cursor: `1:${seq}`, epoch: 1, seq, snapshot: seq === 1 } as const
      receiver?.event({ data: {}, mark })
    }
  }
  const run = async (deliveries: number) => {
    delivered = 0
    for (let expected = 0; expected < deliveries;) {
      send(burst)
      expected += burst * subscribers
      while (delivered < expected) await turn()
    }
    return delivered
  }
  await run(2_000_000)
  const before = process.cpuUsage()
  const count = await run(20_000_000)
  const { user, system } = process.cpuUsage(before)
  console.log(
    `${subscribers} subscribers, ${burst} at once: ${((user + system) / count).toFixed(4)} µs a delivery`,
  )
  hub.stop()
}

async function measureMemory(subscribers: number, topics: number): Promise<number> {
  const { hub, receivers } = openHub()
  const outlets = Array.from({ length: subscribers }, outlet)
  const subscriptions = Array.from({ length: topics }, (_, index) => toSubscription(`game ${index}`))
  const held: unknown[] = [outlets, subscriptions, receivers]
  const kept = new Array<unknown>(subscribers).fill(null)
  await collect()
  const before = process.memoryUsage().heapUsed
  outlets.forEach((one, index) => {
    kept[index] = hub.subscribe(subscriptions[index % topics] as RunnableSubscription, null, one)
  })
  await collect()
  const bytes = (process.memoryUsage().heapUsed - before) / subscribers
  hub.stop()
  // Alive until here.
  held.push(kept)
  return bytes
}

for (const topics of [1, 200, 20_000]) {
  // The first time counts what the machine keeps of the code itself.
  await measureMemory(20_000, topics)
  const bytes = await measureMemory(20_000, topics)
  console.log(`20000 subscribers in ${topics} topics: ${Math.round(bytes)} bytes each`)
}
for (const burst of [1, 20])
  for (const subscribers of [1_000, 5_000]) await measureDeliveries(subscribers, burst)
