// Many subscribers in one process, which do what the parent says: connect, wait until events have come, tell, leave.
// Usage: node subscribers.ts
import { randomUUID } from 'node:crypto'
import { sharedNow } from '../machine/index.ts'
import { sortedPercentile } from '../percentile.ts'
import {
  type Connecting,
  Delivery,
  FEEDS,
  type Order,
  type Reply,
  type Settled,
  type Settling,
  Subscriber,
} from '../streams/index.ts'

/** So many connections are opening at the same time; a server has a bounded queue of those it has not accepted yet. */
const OPENING = 100
const LOOK_MS = 5
/** A port is free for each connection of an address. */
const PORTS_OF_ADDRESS = 10_000

let delivery: Delivery | null = null
let subscribers: Subscriber[] = []
let lastMove = sharedNow()
let connecting: Connecting | null = null
/** Of the subscribers, from the first: so many have been told something. */
let toldBefore = 0

process.on('message', (order: Order) => {
  obey(order).then(
    (result) => process.send?.({ id: order.id, result } satisfies Reply),
    (error: unknown) => process.send?.({ id: order.id, error: String(error) } satisfies Reply),
  )
})

async function obey(order: Order): Promise<unknown> {
  switch (order.kind) {
    case 'connect':
      return connect(order)
    case 'settle':
      return settle(order)
    case 'cursors':
      return delivery ? [...delivery.cursors(order.gameId)] : []
    case 'churn':
      return churn(order.share)
    case 'leave':
      for (const subscriber of subscribers) subscriber.leave()
      subscribers = []
      delivery = null
      return null
  }
}

async function connect(order: Connecting): Promise<{ connectedMs: number }> {
  const { tell } = FEEDS[order.feed]
  connecting = order
  toldBefore = 0
  delivery = new Delivery(tell, order.ownId)
  subscribers = []
  const begun = sharedNow()
  for (let index = 0; index < order.connections; index++) {
    subscribers.push(subscribe(order, index))
    if (order.inTurn) await until(() => untold() < OPENING)
    else if (index % OPENING === 0) await new Promise(setImmediate)
  }
  if (order.inTurn) await until(() => untold() === 0)
  return { connectedMs: sharedNow() - begun }
}

function subscribe(order: Connecting, index: number): Subscriber {
  if (!delivery) throw new Error('Nobody has connected yet')
  const count = order.wishes.length
  // The rest, where there are more subscriptions than connections, are second ones.
  const mine = [index, index + order.connections].filter((wish) => wish < count)
  const wishes = mine.flatMap((at) => {
    const wish = order.wishes[at]
    return wish ? [{ ...wish, id: randomUUID() }] : []
  })
  const address = `127.0.0.${order.firstAddress + Math.floor(index / PORTS_OF_ADDRESS)}`
  const terms = { port: order.port, document: FEEDS[order.feed].document, delivery, moved }
  return new Subscriber(terms, address, wishes)
}

const moved = () => (lastMove = sharedNow())

/** How many have not been told anything yet, counted from the first of them. */
function untold(): number {
  while (toldBefore < subscribers.length) {
    const subscriber = subscribers[toldBefore]
    if (subscriber?.fault) throw new Error(subscriber.fault)
    if (!subscriber?.isTold) break
    toldBefore += 1
  }
  return subscribers.length - toldBefore
}

async function until(condition: () => boolean): Promise<void> {
  const giveUpAfter = 30_000
  lastMove = sharedNow()
  while (!condition()) {
    if (sharedNow() - lastMove > giveUpAfter) throw new Error(`For ${giveUpAfter / 1000} s nothing has come`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}

/** Waits until all have come as far as this, or nothing has come for some time. */
async function settle({ heads, moments, patienceMs, limitMs = Infinity }: Settling): Promise<Settled> {
  if (!delivery) throw new Error('Nobody has connected yet')
  const goals = new Map(heads)
  let behind = subscribers.flatMap((subscriber) => subscriber.watchers)
  const giveUpAt = sharedNow() + limitMs
  lastMove = sharedNow()
  for (;;) {
    behind = behind.filter(({ gameId, at }) => (at ?? 0) < (goals.get(gameId) ?? 0))
    if (behind.length === 0 || sharedNow() - lastMove > patienceMs || sharedNow() > giveUpAt) break
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
  const { figures } = delivery
  const latencies = delivery.takeLatencies(moments)
  const latency = (percent: number) => (latencies.length === 0 ? null : sortedPercentile(latencies, percent))
  return {
    ...figures,
    complaint: figures.complaint ?? subscribers.find(({ fault }) => fault)?.fault ?? null,
    lost: subscribers.filter(({ fault }) => fault !== null).length,
    behind: behind.length,
    lastMoment: lastMove,
    p50Ms: latency(50),
    p95Ms: latency(95),
    p99Ms: latency(99),
    worstMs: latencies.at(-1) ?? null,
  }
}

/** This share of the connections is closed, and others take their place. */
function churn(share: number): { replaced: number } {
  if (!connecting) throw new Error('Nobody has connected yet')
  const replaced = Math.round(subscribers.length * share)
  for (let count = 0; count < replaced; count++) {
    const index = Math.floor(Math.random() * subscribers.length)
    subscribers[index]?.leave()
    subscribers[index] = subscribe(connecting, index)
  }
  return { replaced }
}
