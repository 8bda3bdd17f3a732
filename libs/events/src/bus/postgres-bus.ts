import type { Logger } from '@courtside/logger'
import type { Bus } from './bus.ts'
import { createBus, type OutgoingHint, type Receiver, type Transport } from './create-bus.ts'
import { packMessages } from './hint-codec.ts'
import { keepSession } from './postgres-session.ts'

export interface PostgresBusOptions {
  /**
   * Of the database that holds the log: Postgres notifies within one database. Not through a transaction pooler.
   */
  url: string
  /** Shown in `pg_stat_activity`. */
  applicationName: string
  log: Logger
  /** How long hints wait for others to share a NOTIFY with. Default: 5 ms. */
  coalesceMs?: number
}

/** One channel for all streams: each LISTEN would be one more entry that every NOTIFY of the server has to look at. */
const CHANNEL = 'courtside_hints'
/** Postgres refuses 8,000 bytes and more. */
const LONGEST_PAYLOAD = 7_999
/** Half a payload and more would mostly travel alone, and cost a NOTIFY each. */
const LARGEST_FACT = 3_000
/** What waits while Postgres is slow. The oldest are dropped first: the next fact of their stream tells the same. */
const MOST_WAITING = 10_000
const NOTIFY = 'SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload'

/**
 * Hints by LISTEN and NOTIFY. It is sent after the commit and not within the transaction, where its lock, one for the
 * whole server, made commits 3 to 26 times slower; and on a connection of its own, so that it waits for nobody.
 */
export function createPostgresBus(options: PostgresBusOptions): Bus {
  const log = options.log.child({ bus: 'postgres' })
  return createBus({ log, openTransport: (receiver) => openTransport({ ...options, log }, receiver) })
}

function openTransport(options: PostgresBusOptions, receiver: Receiver): Transport {
  const { url, applicationName, log, coalesceMs = 5 } = options
  let waiting: OutgoingHint[] = []
  let flushing: Promise<void> | null = null
  let timer: NodeJS.Timeout | null = null
  let isClosing = false

  const session = keepSession({
    url,
    applicationName,
    log,
    prepare: async (client) => void (await client.query(`LISTEN ${CHANNEL}`)),
    onNotification: receiver.receive,
    onUp() {
      receiver.setState({ status: 'up' })
      receiver.missed('all')
    },
    onDown(cause) {
      waiting = []
      receiver.setState({ status: 'down', cause })
    },
  })

  const notify = async () => {
    const payloads = packMessages(receiver.sender, waiting, LONGEST_PAYLOAD)
    waiting = []
    if (payloads.length === 0) return
    try {
      await session.client?.query(NOTIFY, [CHANNEL, payloads])
    } catch (error) {
      log.debug({ err: error }, 'Hints were lost on their way to Postgres')
    }
  }

  const flush = () => {
    timer = null
    // One at a time: what comes meanwhile shares the next.
    flushing ??= notify().finally(() => {
      flushing = null
      if (waiting.length > 0) schedule()
    })
  }
  const schedule = () => {
    if (!flushing && !isClosing) timer ??= setTimeout(flush, coalesceMs)
  }

  return {
    largestFact: LARGEST_FACT,
    send(hints) {
      // Who is deaf now looks at the log on reconnecting, so nothing is kept for then.
      if (!session.client) return
      for (const hint of hints) waiting.push(hint)
      if (waiting.length > MOST_WAITING) waiting = waiting.slice(-MOST_WAITING)
      if (waiting.length > 0) schedule()
    },
    follow: () => session.client !== null,
    unfollow: () => {},
    isHeard: () => session.client !== null,
    async close() {
      isClosing = true
      if (timer) clearTimeout(timer)
      // What the last transactions said is worth its few milliseconds to those who stay.
      await flushing
      await notify()
      await session.close()
    },
  }
}
