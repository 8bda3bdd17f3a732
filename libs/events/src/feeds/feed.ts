import { isDomainError } from '@courtside/kernel'
import type { Logger } from '@courtside/logger'
import type { Fact } from '../fact.ts'
import type { FactPages, RawClient } from '../log/index.ts'
import { systemTimers, type Timers } from '../timers.ts'
import {
  acceptMissed,
  beginOrResume,
  type Consumer,
  type FeedDatabase,
  type Located,
  lookAhead,
  putAside,
  startOver,
  take,
} from './consume-page.ts'
import { type Lease, tryToLease } from './consumer-lock.ts'
import { type DeadLetter, readDeadLetters, takeDeadLetter } from './dead-letters.ts'
import { type FeedOffset, lockOffset, OffsetMoved } from './offsets.ts'
import { createRest } from './rest.ts'

export interface FeedOptions<Tx extends RawClient> {
  /** `<consumer>.<what it builds>`, for example `media.game-titles`. Kept for ever with the offset. */
  name: string
  /** The owner's log. */
  pages: FactPages
  /** The consumer's own. Everything that `consume` does has to be done there. */
  database: FeedDatabase<Tx>
  /** Of the same database, for a connection that holds the lock of the one consumer. */
  databaseUrl: string
  /** The effect, in the transaction that also moves the offset. Repeated when it fails, so it does nothing elsewhere. */
  consume(tx: Tx, facts: readonly Fact[]): Promise<void>
  /** Clears what `consume` has built: the owner's log was restored, and everything comes again from its beginning. */
  reset(tx: Tx): Promise<void>
  log: Logger
  timers?: Timers
  /** Default: nobody is told. */
  observer?: FeedObserver
  /** Facts in one transaction. Default: 100. */
  pageSize?: number
  /** A fact that fails so often by itself is put aside. Default: 5. */
  attempts?: number
  /** Looks by itself after so long without a hint; a standby asks for the lock as often. Default: 1 s. */
  sweepMs?: number
}

/** For metrics. */
export interface FeedObserver {
  /** Whether this process is the one that consumes. */
  active?(active: boolean): void
  /** How long ago the last of them was recorded. */
  consumed?(facts: number, lagMs: number): void
  failed?(): void
  putAside?(): void
  missed?(): void
  restored?(): void
}

export interface Feed {
  start(): void
  /** There may be something new: look now. */
  wake(): void
  /** What has been begun is finished; resolves when nothing runs and the lock is free. */
  stop(): Promise<void>
  deadLetters(limit: number): Promise<readonly DeadLetter[]>
  /** Tries again what was put aside. False when it is not there; throws, and leaves it, when it fails again. */
  replay(fact: Pick<Fact, 'stream' | 'seq'>): Promise<boolean>
}

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 30_000

export function createFeed<Tx extends RawClient>(options: FeedOptions<Tx>): Feed {
  const { name, database, databaseUrl, consume, observer, attempts = 5, sweepMs = 1_000 } = options
  const timers = options.timers ?? systemTimers
  const log = options.log.child({ feed: name })
  const consumer: Consumer<Tx> = { pageSize: 100, ...options }
  const rest = createRest(timers)
  let stopping = false
  let running: Promise<void> | undefined

  const run = async () => {
    for (let failures = 0; !stopping;) {
      let lease: Lease | null
      try {
        lease = await tryToLease({ url: databaseUrl, feed: name, log, timers, onLost: rest.end })
        failures = 0
      } catch (error) {
        log.warn({ err: error }, 'The lock of a feed cannot be asked for')
        await rest.for(pauseAfter(++failures))
        continue
      }
      if (lease === null) {
        await rest.for(sweepMs)
        continue
      }
      observer?.active?.(true)
      await consumeWhile(lease)
      observer?.active?.(false)
      await lease.release()
    }
  }

  const consumeWhile = async (lease: Lease) => {
    const mayGoOn = () => !stopping && lease.isHeld()
    let offset: FeedOffset | undefined
    for (let failures = 0; mayGoOn();) {
      try {
        rest.begin()
        offset ??= await beginOrResume(consumer)
        const next = await step(offset, failures, mayGoOn)
        failures = 0
        if (next === offset && mayGoOn()) await rest.untilWokenOr(sweepMs)
        offset = next
      } catch (error) {
        // Whether the last transaction was committed is not known: the offset tells.
        offset = undefined
        if (error instanceof OffsetMoved) {
          // Either our own commit whose answer was lost, or somebody else consumes: the lock says who may.
          log.info({ err: error }, 'A feed goes on from where its offset is')
          return
        }
        observer?.failed?.()
        log.warn({ err: error }, 'A feed pauses')
        await rest.for(pauseAfter(++failures))
      }
    }
  }

  /** The offset after what was next; the same when there was nothing. */
  const step = async (offset: FeedOffset, failures: number, mayGoOn: () => boolean): Promise<FeedOffset> => {
    const next = await lookAhead(consumer, offset)
    switch (next.kind) {
      case 'nothing':
        return offset
      case 'facts':
        return takeAll(offset, next.facts, failures, mayGoOn)
      case 'restored':
        log.warn({ epoch: next.page.epoch }, 'The log was restored; a feed starts over')
        observer?.restored?.()
        return startOver(consumer, offset, next.page)
      case 'missed':
        log.error({}, 'Retention has removed facts that a feed had not read; it goes on after them')
        observer?.missed?.()
        return acceptMissed(consumer, offset, next.page)
    }
  }

  const takeAll = async (
    offset: FeedOffset,
    facts: readonly Located[],
    failures: number,
    mayGoOn: () => boolean,
  ): Promise<FeedOffset> => {
    try {
      const next = await take(consumer, offset, facts)
      tellConsumed(facts)
      return next
    } catch (error) {
      if (error instanceof OffsetMoved) throw error
      // A database that is away says nothing about a fact; one that is away again and again for these facts does.
      if (isUnavailable(error) && failures < attempts) throw error
      observer?.failed?.()
      log.warn(
        { err: error, facts: facts.length },
        'A feed takes its facts one by one, because one of them fails',
      )
    }
    let next = offset
    for (const located of facts) {
      if (!mayGoOn()) break
      next = await takeOne(next, located, mayGoOn)
    }
    return next
  }

  const takeOne = async (
    offset: FeedOffset,
    located: Located,
    mayGoOn: () => boolean,
  ): Promise<FeedOffset> => {
    for (let attempt = 1; ; attempt++) {
      try {
        const next = await take(consumer, offset, [located])
        tellConsumed([located])
        return next
      } catch (error) {
        if (error instanceof OffsetMoved) throw error
        const { stream, seq } = located.fact
        if (attempt >= attempts) {
          const next = await putAside(consumer, offset, located, error, attempt)
          observer?.putAside?.()
          log.error(
            { err: error, stream, seq },
            'A feed put a fact aside; replay it when the fault is mended',
          )
          return next
        }
        observer?.failed?.()
        log.warn({ err: error, stream, seq, attempt }, 'A feed failed to take a fact')
        await rest.for(pauseAfter(attempt))
        if (!mayGoOn()) return offset
      }
    }
  }

  const tellConsumed = (facts: readonly Located[]) => {
    const recordedAt = facts.at(-1)?.fact.recordedAt ?? timers.now()
    observer?.consumed?.(facts.length, Math.max(0, timers.now().getTime() - recordedAt.getTime()))
  }

  return {
    start() {
      running ??= run()
    },
    wake: rest.wake,
    async stop() {
      stopping = true
      rest.end()
      await running
    },
    deadLetters: (limit) => database.read((client) => readDeadLetters(client, name, limit)),
    replay: (fact) =>
      database.transaction(async (tx) => {
        // The feed waits meanwhile, so `consume` never runs twice at once.
        await lockOffset(tx, name)
        const found = await takeDeadLetter(tx, name, fact)
        if (found === null) return false
        await consume(tx, [found])
        return true
      }),
  }
}

const isUnavailable = (error: unknown) => isDomainError(error) && error.kind === 'unavailable'

const pauseAfter = (failures: number) => Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS)
