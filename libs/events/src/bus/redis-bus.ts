import type { Logger } from '@courtside/logger'
import { createRedisConnection } from '@courtside/redis'
import { Redis } from 'ioredis'
import type { Bus } from './bus.ts'
import { createBus, type OutgoingHint, type Receiver, type Transport } from './create-bus.ts'
import { packMessages } from './hint-codec.ts'
import { channelOf, createWantedChannels } from './redis-channels.ts'

export interface RedisBusOptions {
  /** `redis://…`, `rediss://…`, or the path of a socket. Redis 7 or Valkey, one node with or without replicas. */
  url: string
  log: Logger
  /** One for each log: buses of other logs on the same Redis have others. Default: `courtside:hints`. */
  prefix?: string
}

/** A larger fact is read from the log, which spares Redis from copying it to every process. */
const LARGEST_FACT = 64 * 1024
const LONGEST_MESSAGE = 256 * 1024
const ANSWER_WITHIN_MS = 500
/** Each process hears its own heart through Redis. A beat that has not come back before the next one is due is none. */
const HEARTBEAT_MS = 1_000
const LONGEST_RECONNECT_MS = 1_000

/** Hints by publish and subscribe. The publisher and the subscriber are each a connection of their own, as Redis wants it. */
export function createRedisBus(options: RedisBusOptions): Bus {
  const log = options.log.child({ bus: 'redis' })
  return createBus({ log, openTransport: (receiver) => openTransport({ ...options, log }, receiver) })
}

function openTransport(
  { url, log, prefix = 'courtside:hints' }: RedisBusOptions,
  receiver: Receiver,
): Transport {
  const wanted = createWantedChannels()
  const heard = new Set<string>()
  const heartbeat = `${prefix}:heartbeat:${receiver.sender}`
  let isPublisherUp = false
  let isBeating = false
  let lastError: unknown = null

  const publisher = createRedisConnection({
    url,
    name: 'bus-publisher',
    log,
    timeoutMs: ANSWER_WITHIN_MS,
    onState(state) {
      isPublisherUp = state === 'up'
      report()
    },
  })
  const subscriber = openSubscriber(url)

  function report() {
    // Until the first beat has come back nobody knows whether Redis passes anything on.
    if (isPublisherUp && isBeating) receiver.setState({ status: 'up' })
    else receiver.setState({ status: 'down', cause: lastError })
  }

  const subscribe = async (channels: readonly string[]) => {
    try {
      await subscriber.subscribe(...channels)
    } catch (error) {
      // The connection is gone or hangs. Each new one subscribes to everything.
      lastError = error
      return false
    }
    // Some may have been given up while the answer was on its way.
    for (const channel of channels) if (wanted.has(channel)) heard.add(channel)
    return true
  }

  let beats = 0
  /** The last beat, as long as it has not come back. */
  let unheard: number | null = null
  const beat = async () => {
    beats += 1
    const mine = beats
    unheard = mine
    const sent = await publisher.ask((redis) => redis.publish(heartbeat, String(mine)))
    // Then it is the publisher that is ill, which says so itself.
    if (!sent && unheard === mine) unheard = null
  }
  const beating = setInterval(() => {
    if (unheard !== null) {
      isBeating = false
      report()
      // Also ends a connection that hangs; a new one is opened in its place.
      if (subscriber.status === 'ready') subscriber.disconnect(true)
    }
    void beat()
  }, HEARTBEAT_MS)

  subscriber.on('error', (error: unknown) => {
    lastError = error
  })
  subscriber.on('ready', () => {
    const channels = [heartbeat, ...wanted.channels()]
    void subscribe(channels).then((isSubscribed) => {
      if (!isSubscribed) return subscriber.disconnect(true)
      void beat()
      receiver.missed('all')
    })
  })
  const onClosed = () => {
    heard.clear()
    isBeating = false
    report()
  }
  subscriber.on('close', onClosed)
  subscriber.on('message', (channel: string, message: string) => {
    if (channel !== heartbeat) return receiver.receive(message)
    if (message === String(unheard)) unheard = null
    isBeating = true
    report()
  })

  return {
    largestFact: LARGEST_FACT,
    send(hints) {
      for (const [channel, ofChannel] of byChannel(prefix, hints)) {
        for (const message of packMessages(receiver.sender, ofChannel, LONGEST_MESSAGE)) {
          void publisher.ask((redis) => redis.publish(channel, message))
        }
      }
    },
    follow(stream) {
      const channel = channelOf(prefix, stream)
      if (wanted.add(channel, stream) && subscriber.status === 'ready') {
        void subscribe([channel]).then((isSubscribed) => {
          if (isSubscribed) receiver.missed(wanted.streamsOf(channel))
          else subscriber.disconnect(true)
        })
      }
      return heard.has(channel)
    },
    unfollow(stream) {
      const channel = channelOf(prefix, stream)
      if (!wanted.remove(channel, stream)) return
      heard.delete(channel)
      // Should it fail, the connection is lost, and the next one subscribes to what is wanted then.
      if (subscriber.status === 'ready') subscriber.unsubscribe(channel).catch(() => {})
    },
    isHeard: (stream) => heard.has(channelOf(prefix, stream)),
    async close() {
      clearInterval(beating)
      const ended = new Promise<void>((resolve) => subscriber.once('end', () => resolve()))
      subscriber.off('close', onClosed)
      // Between two attempts there is no connection whose end it could tell of, and it tells of none.
      const isIdle = subscriber.status === 'end' || subscriber.status === 'reconnecting'
      subscriber.disconnect()
      await Promise.all([isIdle ? null : ended, publisher.close()])
    },
  }
}

function openSubscriber(url: string): Redis {
  return new Redis(url, {
    connectionName: 'bus-subscriber',
    connectTimeout: 2_000,
    commandTimeout: ANSWER_WITHIN_MS,
    enableOfflineQueue: false,
    // It would subscribe again without a word, and nobody would know that hints were missed meanwhile.
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    disconnectTimeout: 100,
    retryStrategy: (attempt) => Math.min(attempt * 50, LONGEST_RECONNECT_MS),
  })
}

function byChannel(prefix: string, hints: readonly OutgoingHint[]): Map<string, OutgoingHint[]> {
  const channels = new Map<string, OutgoingHint[]>()
  for (const hint of hints) {
    const channel = channelOf(prefix, hint.stream)
    const known = channels.get(channel)
    if (known) known.push(hint)
    else channels.set(channel, [hint])
  }
  return channels
}
