import type { Engine } from '@courtside/federation'
import type { Logger } from '@courtside/logger'
import type { GraphQLSchema } from 'graphql'
import type { Caller } from '../../transports/index.ts'
import {
  type CompilationMetrics,
  type CompiledOperations,
  createCompiledOperations,
} from '../compiled-operations.ts'
import type { LaneRequest } from '../lane-request.ts'
import type { ErrorPublisher } from '../publish-errors.ts'
import { assertVariables, refuseVariables } from '../variable-faults.ts'
import { type CompiledStream, createStreamCompiler } from './compile-stream.ts'
import { createPayloadTexts } from './payload-texts.ts'
import { type BegunSubscription, toRunnable } from './to-runnable.ts'

/** A subscription that has passed every limit and that its caller may run. */
export type SubscriptionRequest = Pick<LaneRequest, 'document' | 'operation' | 'variables' | 'caller'>

export interface Subscriptions {
  readonly operations: CompiledOperations<CompiledStream>
  /** Throws the refusal of variables that do not fit, and of an operation that cannot be planned. */
  begin(request: SubscriptionRequest): BegunSubscription
}

export interface SubscriptionsOptions {
  engine: Engine<Caller>
  /** The public schema. */
  schema: GraphQLSchema
  /** Tells this version of the graph from the others. */
  version: string
  errors: ErrorPublisher
  production: boolean
  metrics: CompilationMetrics
  log: Logger
}

/** Room for some hundreds. Beside the room of what is asked once, so that neither drives out the other. */
const MOST_BYTES = 16 * 1024 * 1024

export function createSubscriptions(options: SubscriptionsOptions): Subscriptions {
  const { engine, schema, version, production, metrics, log } = options
  const compile = createStreamCompiler(engine, schema)
  const operations = createCompiledOperations({ compile, maxBytes: MOST_BYTES, metrics })
  const texts = createPayloadTexts(options.errors)
  return {
    operations,
    begin(request) {
      const { document, operation, variables, caller } = request
      const stream = operations.of(document, operation, caller)
      // What was compiled does not know the client's variable for the cursor any more.
      assertVariables(schema, request, production)
      const faults = stream.subscription.checkVariables(variables)
      if (faults.length > 0) throw refuseVariables(faults, production)
      return toRunnable({
        stream,
        version,
        isForEverybody: operation.caching.isForEverybody,
        variables,
        caller,
        texts,
        log,
      })
    },
  }
}
