import { hash } from 'node:crypto'
import type { CompiledSubscription, Engine } from '@courtside/federation'
import { type DocumentNode, type GraphQLSchema, print } from 'graphql'
import type { Caller } from '../../transports/index.ts'
import { type CursorArgument, toStreamDocument } from './cursor-argument.ts'

/** A subscription operation, ready for whoever wants it and with whatever variables. */
export interface CompiledStream {
  /** Equal for all operations that are one to subgraphs, such as those that only begin at other places. */
  readonly id: string
  /** About how many bytes this holds. */
  readonly weight: number
  readonly subscription: CompiledSubscription<Caller>
  /** Null where the events have no places. */
  readonly cursor: CursorArgument | null
  /** Of all variables that decide what is sent, and so without the cursor. */
  readonly variableNames: readonly string[]
}

export type StreamCompiler = (document: DocumentNode, operationName: string | null) => CompiledStream

export function createStreamCompiler(engine: Engine<Caller>, schema: GraphQLSchema): StreamCompiler {
  return (client, operationName) => {
    const { document, definition, cursor } = toStreamDocument(schema, client, operationName)
    const subscription = engine.compileSubscription(document, operationName)
    const names = (definition.variableDefinitions ?? []).map(({ variable }) => variable.name.value)
    return {
      id: hash('sha256', print(document)),
      weight: subscription.weight,
      subscription,
      cursor,
      variableNames: names.filter((name) => name !== cursor?.variable),
    }
  }
}
