import type { FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode } from 'graphql'
import { ALWAYS, type Conditions, createConditions } from './condition.ts'
import { createFunctions } from './generated-functions.ts'
import { Refusal } from './refusal.ts'
import { createSelectionReader } from './selection-set.ts'
import { createWritings } from './writings.ts'

export interface WriterSource {
  /** The body of a function of the leaf writers and of `names`, which returns the writer of the root object. */
  readonly text: string
  /** Values of enums and names of types, each with its JSON text. */
  readonly names: readonly ReadonlyMap<unknown, string>[]
  readonly toFlags: Conditions['toFlags']
}

/**
 * Makes source like this, for `query ($x: Boolean!) { team { id status name @include(if: $x) } }`:
 *
 *     const names0 = names[0]
 *     function object0(o, f) {
 *       if (typeof o !== 'object' || o === null || (o.__typename !== undefined && o.__typename !== 'Team')) stop()
 *       let v
 *       let s = '{"id":' + id(o.id) + ',"status":' + (names0.get(o.status) ?? stop())
 *       if ((f & 1) === 1) s += ',"name":' + ((v = o.name) == null ? 'null' : string(v))
 *       return s + '}'
 *     }
 *     function object1(o, f) {
 *       if (typeof o !== 'object' || o === null || (o.__typename !== undefined && o.__typename !== 'Query')) stop()
 *       let v
 *       return '{"team":' + ((v = o.team) == null ? 'null' : object0(v, f)) + '}'
 *     }
 *     return (o, f) => object1(o, f)
 *
 * Nothing of the request is in it but names that it gives to fields, each of them seen by `assertName`: no argument,
 * no string, no value of a variable, and of variables not even their names.
 */
export function toWriterSource(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): WriterSource {
  const root = schema.getRootType(operation.operation)
  if (!root) throw new Refusal('a root type that the schema does not have')
  const conditions = createConditions(operation)
  const set = createSelectionReader(fragments, conditions)(operation.selectionSet.selections)
  const functions = createFunctions()
  const write = createWritings(schema, functions)(root, [{ set, parent: root, when: ALWAYS }])
  const text = `${functions.toText()}return (o, f) => ${write('o')}\n`
  return { text, names: functions.names, toFlags: conditions.toFlags }
}
