import { anonymous } from '@courtside/auth'
import { type Caller, ClientPresence } from '../transports/index.ts'
import type { Awaitable } from './answer-store.ts'
import type { CachePolicy } from './cache-policy.ts'
import type { OperationCaching } from './operation-caching.ts'
import { audienceOf, EVERYBODY, requestKey } from './request-key.ts'
import type { Found, ResponseCache } from './response-cache.ts'
import { createSingleFlight } from './single-flight.ts'

type Variables = Readonly<Record<string, unknown>>

/** What a lane answers, as far as it matters here. */
export interface ReadAnswer {
  /** The `data` of the answer as JSON text; null when a part of it is missing or has errors. */
  readonly wholeData: string | null
}

/** An answer that several may get. Nobody changes it. */
export interface Shared<Answer> {
  readonly answer: Answer
  /** For `Cache-Control`: what is left of the policy. */
  readonly policy: CachePolicy | null
}

export interface SharedReads<Answer extends ReadAnswer> {
  /** `execute` is given the caller on whose behalf it reads. It is not called when the answer is at hand. */
  read(
    operation: OperationCaching,
    variables: Variables,
    caller: Caller,
    execute: (reader: Caller) => Promise<Answer>,
  ): Awaitable<Shared<Answer>>
  /** To be waited for between the end of a mutation, whatever its outcome, and its answer. */
  written(operation: OperationCaching): Awaitable<void>
}

export interface SharedReadsOptions<Answer extends ReadAnswer> {
  /** Null: answers are shared while they are being made, and not remembered. */
  cache: ResponseCache | null
  /** An answer as a lane would have made it. */
  toAnswer(wholeData: string): Answer
  onRead?(outcome: 'remembered' | 'joined' | 'executed'): void
}

/** Answers reads from what is remembered, from what is just being read, or by reading, in this order. */
export function createSharedReads<Answer extends ReadAnswer>(
  options: SharedReadsOptions<Answer>,
): SharedReads<Answer> {
  const { cache, toAnswer, onRead } = options
  const flights = createSingleFlight<Shared<Answer>>()

  /** Waits for a flight as long as the caller does. */
  const board = (
    key: string,
    caller: Caller,
    reader: Caller,
    work: (reader: Caller) => Promise<Shared<Answer>>,
  ): Promise<Shared<Answer>> => {
    if (flights.has(key)) onRead?.('joined')
    const ticket = flights.join(key, () => {
      const presence = new ClientPresence()
      return { answer: work({ ...reader, cancellation: presence }), abandon: () => presence.cancel() }
    })
    const { cancellation } = caller
    if (cancellation?.isCancelled) ticket.leave()
    else cancellation?.add({ cancelled: ticket.leave })
    return ticket.answer
  }

  const readOwn = (
    operation: OperationCaching,
    variables: Variables,
    caller: Caller,
    execute: (reader: Caller) => Promise<Answer>,
  ) => {
    const { id, variableNames, policy } = operation
    const audience = audienceOf(caller.principal, caller.clientAddress, caller.clientAgent)
    return board(requestKey(id, variableNames, variables, audience), caller, caller, (reader) => {
      onRead?.('executed')
      return execute(reader).then((answer) => ({ answer, policy }))
    })
  }

  const remembered = ({ text, maxAgeSeconds }: Found): Shared<Answer> | null => {
    if (text === null) return null
    onRead?.('remembered')
    return { answer: toAnswer(text), policy: { maxAgeSeconds, scope: 'PUBLIC' } }
  }

  const executeAndPut = async (
    { policy, tags }: OperationCaching,
    key: string,
    found: Found | null,
    execute: () => Promise<Answer>,
  ): Promise<Shared<Answer>> => {
    onRead?.('executed')
    const answer = await execute()
    const { wholeData } = answer
    const beginning = found?.beginning
    if (cache && beginning && policy && tags && wholeData !== null) {
      const tagsWithin = (most: number) => tags.of(JSON.parse(wholeData), most)
      // It never fails, and the client need not wait for it.
      void cache.put(key, wholeData, policy, tagsWithin, beginning)
    }
    return { answer, policy }
  }

  const readForEverybody = (
    operation: OperationCaching,
    variables: Variables,
    caller: Caller,
    execute: (reader: Caller) => Promise<Answer>,
  ): Awaitable<Shared<Answer>> => {
    const key = requestKey(operation.id, operation.variableNames, variables, EVERYBODY)
    // Who joins needs no look of their own: in Redis that would be a round trip for each.
    const looked = flights.has(key) ? null : (cache?.get(key) ?? null)
    const known = looked !== null && !(looked instanceof Promise) ? remembered(looked) : null
    if (known) return known
    return board(key, caller, asNobody(caller), async (reader) => {
      const found = looked instanceof Promise ? await looked : looked
      const known = found && looked instanceof Promise ? remembered(found) : null
      return known ?? executeAndPut(operation, key, found, () => execute(reader))
    })
  }

  return {
    read(operation, variables, caller, execute) {
      const read = operation.isForEverybody ? readForEverybody : readOwn
      return read(operation, variables, caller, execute)
    },
    written(operation) {
      flights.depart()
      return cache?.invalidate(operation.invalidates)
    },
  }
}

/**
 * What everybody gets is read for nobody in particular. A hint may be wrong: were it read for whoever came first, the
 * others would see what only that one may.
 */
function asNobody(caller: Caller): Caller {
  return { ...caller, principal: anonymous, clientAddress: null, clientAgent: null }
}
