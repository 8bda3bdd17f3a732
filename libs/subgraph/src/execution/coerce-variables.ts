import {
  coerceInputValue,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputType,
  isNonNullType,
  typeFromAST,
  type ValueNode,
  valueFromAST,
  type VariableDefinitionNode,
} from 'graphql'

export type Variables = Record<string, unknown>

/** The variables as the resolvers shall have them; null when they do not fit. */
export type Coercion = (given: Readonly<Variables>) => Variables | null

interface Definition {
  name: string
  type: GraphQLInputType
  fallback: ValueNode | undefined
  isRepresentations: boolean
}

const MISFIT = new Error('The variables do not fit')

/** Null when a type is unknown. Says only whether variables fit: the reasons are told by graphql-js, which is asked then. */
export function createCoercion(
  schema: GraphQLSchema,
  nodes: readonly VariableDefinitionNode[],
): Coercion | null {
  const definitions: Definition[] = []
  for (const { variable, type: typeNode, defaultValue } of nodes) {
    const type = typeFromAST(schema, typeNode)
    if (!isInputType(type)) return null
    const isRepresentations = String(type) === '[_Any!]!'
    definitions.push({ name: variable.name.value, type, fallback: defaultValue, isRepresentations })
  }
  return (given) => {
    try {
      const coerced: Variables = {}
      for (const definition of definitions) coerceInto(coerced, definition, given)
      return coerced
    } catch (error) {
      if (error === MISFIT) return null
      throw error
    }
  }
}

function coerceInto(coerced: Variables, definition: Definition, given: Readonly<Variables>): void {
  const { name, type, fallback } = definition
  if (!Object.hasOwn(given, name)) {
    if (fallback) coerced[name] = valueFromAST(fallback, type)
    else if (isNonNullType(type)) throw MISFIT
    return
  }
  const value = given[name]
  if (value === null && isNonNullType(type)) throw MISFIT
  // `_Any` takes everything but null. Coerced one by one, twenty representations would cost 2 µs.
  const isReady = definition.isRepresentations && Array.isArray(value) && value.every(isSomething)
  coerced[name] = isReady ? value : coerceInputValue(value, type, refuse)
}

function refuse(): never {
  throw MISFIT
}

const isSomething = (value: unknown) => value !== null && value !== undefined
