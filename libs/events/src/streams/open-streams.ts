import type { Logger } from '@courtside/logger'
import { type Bus, createPostgresBus, createRedisBus } from '../bus/index.ts'
import { createCursorCodec } from '../cursor/index.ts'
import { createStreamHub, type StreamHub } from '../hub/index.ts'
import { createStreamLog, type LogDatabase, type RetentionPolicy, type StreamLog } from '../log/index.ts'
import { createStreamReader, type StreamReader } from '../reader/index.ts'
import { systemTimers, type Timers } from '../timers.ts'
import { createRetentionTimer } from './retention-timer.ts'
import type { StreamSettings } from './stream-settings.ts'

export interface OpenStreamsOptions {
  /** Whose log it is, for example `stats`. */
  name: string
  /** `withAfterCommit`, and of the primary. Whoever opened it closes it, after the streams. */
  db: LogDatabase
  /** Of the same database, not through a pooler: hints travel on a session of their own. */
  databaseUrl: string
  settings: StreamSettings
  /** For each kind of stream, how long its facts are kept. Those of other kinds are kept for ever. */
  retention: readonly RetentionPolicy[]
  log: Logger
  timers?: Timers
}

/** All that a subgraph needs of its streams. */
export interface Streams {
  readonly log: StreamLog
  /** Hints of what is written, also by other processes. For feeds. */
  readonly bus: Bus
  readonly hub: StreamHub
  readonly reader: StreamReader
  /** Readers first, then what they read from. The database is still needed meanwhile. */
  close(): Promise<void>
}

/** Connects in the background: nothing of it is needed to begin, and what is written before is found by looking. */
export function openStreams(options: OpenStreamsOptions): Streams {
  const { name, db, databaseUrl, settings, retention, timers = systemTimers } = options
  const logger = options.log.child({ 'stream.log': name })
  const bus = openBus(name, databaseUrl, settings, logger)
  const log = createStreamLog({ db, announce: (facts) => bus.publish(facts), clock: timers })
  const hub = createStreamHub({ reader: log, bus, log: logger, timers })
  const reader = createStreamReader({ hub, cursors: createCursorCodec({ keys: settings.cursorKeys }) })
  const retaining = createRetentionTimer({ log, policies: retention, timers, logger })
  settings.metrics?.observe(name, {
    hub: () => hub.figures(),
    bus: () => bus.state,
    removed: () => retaining.removed,
  })
  return {
    log,
    bus,
    hub,
    reader,
    async close() {
      hub.drain()
      await retaining.stop()
      await bus.close()
    },
  }
}

function openBus(name: string, databaseUrl: string, { bus }: StreamSettings, log: Logger): Bus {
  if (bus.kind === 'postgres') {
    return createPostgresBus({ url: databaseUrl, applicationName: `courtside-${name}-bus`, log })
  }
  return createRedisBus({ url: bus.url, prefix: `courtside:hints:${name}`, log })
}
