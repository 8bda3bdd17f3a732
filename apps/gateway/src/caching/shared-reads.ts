import { anonymous } from '@courtside/auth'
import { createLazyLogger, type Logger } from '@courtside/logger'
import type { Trace } from '@courtside/telemetry'
import type { Caller } from '../transports/index.ts'
import type { Awaitable } from './answer-store.ts'
import type { CachePolicy } from './cache-policy.ts'
import type { OperationCaching } from './operation-caching.ts'
import { audienceOf, EVERYBODY, requestKey } from './request-key.ts'
import type { Found, ResponseCache } from './response-cache.ts'
import type { SingleFlight, Waiters } from './single-flight.ts'

type Variables = Readonly<Record<string, unknown>>

/** What a lane answers, as far as it matters here. Several may get the same one, and nobody changes it. */
export interface ReadAnswer {
  /** The `data` of the answer as JSON text; null when a part of it is missing or has errors. */
  readonly wholeData: string | null
}

export interface SharedReads<Answer extends ReadAnswer> {
  /** `execute` is given the caller on whose behalf it reads. It is not called when the answer is at hand. */
  read(
    operation: OperationCaching,
    variables: Variables,
    caller: Caller,
    execute: (reader: Caller) => Promise<Answer>,
  ): Awaitable<Answer>
  /** To be waited for between the end of a mutation, whatever its outcome, and its answer. */
  written(operation: OperationCaching): Awaitable<void>
}

export interface SharedReadsOptions<Answer extends ReadAnswer> {
  /** Null: answers are shared while they are being made, and not remembered. */
  cache: ResponseCache | null
  /**
   * What is being read, of all versions of a graph: a mutation that began on one ends the sharing of what has begun
   * on another.
   */
  flights: SingleFlight<Answer>
  /** Tells this version of the graph from the others: on each the same question may have another answer. */
  version: string
  /** An answer as a lane would have made it. `policy` is what is left of that of its operation. */
  toAnswer(wholeData: string, policy: CachePolicy): Answer
  /** For what is said of a read for everybody: it must not name the one who came first. */
  log: Logger
  onRead?(outcome: 'remembered' | 'joined' | 'executed'): void
}

/** Answers reads from what is remembered, from what is just being read, or by reading, in this order. */
export function createSharedReads<Answer extends ReadAnswer>(
  options: SharedReadsOptions<Answer>,
): SharedReads<Answer> {
  const { cache, flights, version, toAnswer, log, onRead } = options

  const remembered = ({ text, maxAgeSeconds }: Found): Answer | null => {
    if (text === null) return null
    onRead?.('remembered')
    return toAnswer(text, { maxAgeSeconds, scope: 'PUBLIC' })
  }

  const executeAndPut = async (
    { policy, tags }: OperationCaching,
    key: string,
    { beginning }: Found,
    execution: Promise<Answer>,
  ): Promise<Answer> => {
    const answer = await execution
    const { wholeData } = answer
    if (cache && beginning && policy && tags && wholeData !== null) {
      const tagsWithin = (most: number) => tags.of(JSON.parse(wholeData), most)
      // It never fails, and the client need not wait for it.
      void cache.put(key, wholeData, policy, tagsWithin, beginning)
    }
    return answer
  }

  return {
    read(operation, variables, caller, execute) {
      const { id, variableNames, isForEverybody } = operation
      const audience = isForEverybody
        ? EVERYBODY
        : audienceOf(caller.principal, caller.clientAddress, caller.clientAgent)
      const key = requestKey(id, variableNames, variables, audience)
      const flight = `${version} ${key}`
      // Who joins needs no look of their own: in Redis that would be a round trip for each.
      const joins = flights.has(flight)
      const looked = joins || !isForEverybody || cache === null ? null : cache.get(key)
      if (looked !== null && !(looked instanceof Promise)) {
        const known = remembered(looked)
        if (known) return known
      }
      if (joins) onRead?.('joined')
      return flights.join(flight, caller, (waiters) => {
        const reader = isForEverybody ? asNobody(caller, waiters, log) : new Reader(caller, waiters)
        const executed = () => {
          onRead?.('executed')
          return execute(reader)
        }
        if (looked === null) return executed()
        if (!(looked instanceof Promise)) return executeAndPut(operation, key, looked, executed())
        return looked.then((found) => remembered(found) ?? executeAndPut(operation, key, found, executed()))
      })
    },
    written(operation) {
      flights.depart()
      return cache?.invalidate(operation.invalidates)
    },
  }
}

/**
 * Reads for all who wait, and as long as the most patient of them does: who joins late is not failed by the deadline of
 * who came first. The request id and the trace are those of the request that began it; the others have none of their own
 * for this work. A class, because an object literal with a getter is slow to make.
 */
class Reader implements Caller {
  readonly principal: Caller['principal']
  readonly requestId: string
  readonly clientAddress: string | null
  readonly clientAgent: string | null
  readonly log: Logger
  readonly trace: Trace | null
  readonly cancellation: Waiters

  constructor(caller: Caller, waiters: Waiters) {
    this.principal = caller.principal
    this.requestId = caller.requestId
    this.clientAddress = caller.clientAddress
    this.clientAgent = caller.clientAgent
    this.log = caller.log
    this.trace = caller.trace ?? null
    this.cancellation = waiters
  }

  get deadline(): number {
    return this.cancellation.deadline
  }
}

/**
 * What everybody gets is read for nobody in particular. A hint may be wrong: were it read for whoever came first, the
 * others would see what only that one may.
 */
function asNobody({ requestId, trace, cancellation }: Caller, waiters: Waiters, log: Logger): Caller {
  const nobody = {
    principal: anonymous,
    requestId,
    clientAddress: null,
    clientAgent: null,
    log: createLazyLogger(log, { 'request.id': requestId }),
    trace: trace ?? null,
    cancellation,
  }
  return new Reader(nobody, waiters)
}
