import {
  getNamedType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLNamedType,
  type InputValueDefinitionNode,
  isInputObjectType,
} from 'graphql'

/** What a value that is sent costs. Bounded by the limits on the variables, which come first. */
export type Weigher = (value: unknown) => number

interface Input {
  name: string
  type: GraphQLInputType
  astNode?: InputValueDefinitionNode | null | undefined
}

export interface WeighersOptions {
  /** The weight that an argument or a field names itself. */
  weightOf(input: Input, coordinate: string): number | null
  typeWeight(type: GraphQLNamedType): number
}

export interface Weighers {
  /** Null for what never costs anything. */
  of(input: Input, coordinate: string): Weigher | null
}

/** Each value given costs its weight, and an object also what its fields do; nothing given costs nothing. */
export function createWeighers({ weightOf, typeWeight }: WeighersOptions): Weighers {
  const known = new Map<GraphQLInputObjectType, ReadonlyMap<string, Weigher>>()

  const fieldsOf = (type: GraphQLInputObjectType): ReadonlyMap<string, Weigher> => {
    const found = known.get(type)
    if (found) return found
    const fields = new Map<string, Weigher>()
    // First, since a type may hold itself.
    known.set(type, fields)
    for (const field of Object.values(type.getFields())) {
      const weigher = of(field, `${type.name}.${field.name}`)
      if (weigher) fields.set(field.name, weigher)
    }
    return fields
  }

  const of = (input: Input, coordinate: string): Weigher | null => {
    const type = getNamedType(input.type)
    const weight = weightOf(input, coordinate) ?? typeWeight(type)
    if (!isInputObjectType(type)) return weight === 0 ? null : (value) => weight * countIn(value)
    const fields = fieldsOf(type)
    const weigh: Weigher = (value) => {
      if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + weigh(item), 0)
      if (typeof value !== 'object' || value === null) return 0
      let sum = weight
      for (const [name, weigher] of fields) {
        if (Object.hasOwn(value, name)) sum += weigher((value as Record<string, unknown>)[name])
      }
      return sum
    }
    return weigh
  }

  return { of }
}

function countIn(value: unknown): number {
  if (value === null || value === undefined) return 0
  return Array.isArray(value) ? value.reduce<number>((sum, item) => sum + countIn(item), 0) : 1
}
