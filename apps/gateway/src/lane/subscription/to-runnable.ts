import { anonymous } from '@courtside/auth'
import type { Outcome } from '@courtside/federation'
import { createLazyLogger, type Logger } from '@courtside/logger'
import { audienceOf, EVERYBODY, requestKey } from '../../caching/index.ts'
import type { RunnableSubscription, Telling } from '../../subscriptions/index.ts'
import type { Caller } from '../../transports/index.ts'
import type { CompiledStream } from './compile-stream.ts'

/** Makes the texts that clients are sent. */
export interface PayloadTexts {
  of(outcome: Outcome<string>, reader: Caller): Telling
  /** For what was thrown: no client is told more than an id, under which the log has it. */
  ofFault(fault: unknown, reader: Caller): Telling
}

export interface StreamRequest {
  readonly stream: CompiledStream
  /** Tells the version of the graph from the others: on each the same events may read otherwise. */
  readonly version: string
  readonly isForEverybody: boolean
  /** They fit the operation. */
  readonly variables: Readonly<Record<string, unknown>>
  readonly caller: Caller
  readonly texts: PayloadTexts
  /** For what is said of events for everybody: it must not name the one who came first. */
  readonly log: Logger
}

export interface BegunSubscription {
  readonly subscription: RunnableSubscription
  /** The cursor that its client begins with. */
  readonly after: string | null
}

/**
 * Throws the refusal of what is no cursor. Made for each client, for 2 to 3 µs. To complete an event of a game's page
 * takes 0.7 µs where one subgraph tells all of it, and 2.4 to 3 µs with entities of another (`complete.bench.ts`).
 */
export function toRunnable(request: StreamRequest): BegunSubscription {
  const { version, isForEverybody, caller, texts } = request
  const { id, subscription, cursor, variableNames } = request.stream
  const after = cursor ? cursor.startOf(request.variables) : null
  // Nothing else that a client has sent is kept: it might be long, or have the name of our own variable.
  const variables = onlyNamed(variableNames, request.variables)
  const audience = isForEverybody ? EVERYBODY : audienceOf(caller.principal, null, null)
  const reader = isForEverybody ? nobody(caller, request.log) : withoutPlace(caller)

  const toTelling = (outcome: Outcome<string>): Telling => {
    try {
      return texts.of(outcome, reader)
    } catch (fault) {
      return texts.ofFault(fault, reader)
    }
  }
  const toFaultTelling = (fault: unknown) => texts.ofFault(fault, reader)

  return {
    after,
    subscription: {
      topic: `${version} ${requestKey(id, variableNames, variables, audience)}`,
      kind: cursor ? 'log' : 'state',
      subgraph: subscription.subgraph,
      reader,
      request: (place) =>
        subscription.request(
          cursor && place !== null ? { ...variables, [cursor.variable]: place } : variables,
        ),
      complete(event) {
        try {
          const outcome = subscription.complete(event, variables, reader)
          return outcome instanceof Promise ? outcome.then(toTelling, toFaultTelling) : toTelling(outcome)
        } catch (fault) {
          return toFaultTelling(fault)
        }
      },
    },
  }
}

function onlyNamed(names: readonly string[], variables: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(
    names.filter((name) => Object.hasOwn(variables, name)).map((name) => [name, variables[name]]),
  )
}

/**
 * Whoever shares a topic may sit anywhere, and it lives longer than the request that began it: so it has neither that
 * one's address nor deadline nor trace, and nobody's leaving cancels it.
 */
function withoutPlace({
  principal,
  requestId,
  log,
}: Pick<Caller, 'principal' | 'requestId' | 'log'>): Caller {
  return {
    principal,
    requestId,
    clientAddress: null,
    clientAgent: null,
    log,
    cancellation: null,
    deadline: null,
    trace: null,
  }
}

/** A hint may be wrong: were events read for whoever came first, the others would see what only that one may. */
function nobody({ requestId }: Caller, log: Logger): Caller {
  return withoutPlace({
    principal: anonymous,
    requestId,
    log: createLazyLogger(log, { 'request.id': requestId }),
  })
}
