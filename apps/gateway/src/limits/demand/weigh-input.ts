import {
  getNamedType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLNamedType,
  type InputValueDefinitionNode,
  isInputObjectType,
} from 'graphql'

/** What a value that is sent costs. */
export interface Weigher {
  /** Of the value itself. */
  readonly weight: number
  /** Of what is in it; empty for what has no fields, or none that cost anything. */
  readonly fields: ReadonlyMap<string, Weigher>
  /** Bounded by the limits on the variables, which come first. */
  weigh(value: unknown): number
}

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

const NO_FIELDS: ReadonlyMap<string, Weigher> = new Map()

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
    if (isInputObjectType(type)) return createWeigher(weight, fieldsOf(type))
    return weight === 0 ? null : createWeigher(weight, NO_FIELDS)
  }

  return { of }
}

function createWeigher(weight: number, fields: ReadonlyMap<string, Weigher>): Weigher {
  const weigh = (value: unknown): number => {
    if (value === null || value === undefined) return 0
    if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + weigh(item), 0)
    let sum = weight
    if (typeof value !== 'object') return sum
    for (const [name, weigher] of fields) {
      if (Object.hasOwn(value, name)) sum += weigher.weigh((value as Record<string, unknown>)[name])
    }
    return sum
  }
  return { weight, fields, weigh }
}
