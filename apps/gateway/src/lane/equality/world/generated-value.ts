import {
  type GraphQLFieldResolver,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLTypeResolver,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isListType,
  isNonNullType,
  isScalarType,
} from 'graphql'
import { pick, roll } from './dice.ts'
import { generatedError } from './generated-error.ts'
import type { World } from './world.ts'

/** An object of a generated world. What it is like follows from its type and its key. */
export interface Thing {
  readonly __typename: string
  readonly key: string
  /** What is known of it already, such as what it was asked for by. */
  readonly given: Readonly<Record<string, unknown>>
}

/** The fields by which a type is known to several subgraphs; null where it is not. */
export type KeyFields = (type: string) => readonly string[] | null

/** Few, so that one operation meets the same entity in many places. */
const ENTITY_KEYS = ['1', '2', '3', '4', 'a"b\\c', '\u2028']

const TEXTS = [
  '',
  'text',
  '"quoted" \\ back',
  'line\nbreak\u0007',
  '\u2028\u2029',
  'é😀',
  '\ud800',
  '__proto__',
]
const INTS = [0, 1, -1, 42, 2_147_483_647, -2_147_483_648]
const FLOATS = [0, 1, -0.5, 0.1, 1e21, 1e-7, 123456789.123]
const OPEN = [{ b: [1, null, { a: '"' }], a: true }, 'text', 5, [], {}, false, [[null]]]

/** Answers every field of a subgraph's schema, in the way that this world has it. */
export function generatedField(keyFields: KeyFields): GraphQLFieldResolver<Thing | undefined, World> {
  const generate = (type: GraphQLOutputType, about: readonly string[], asked: Asked): unknown => {
    if (isNonNullType(type)) return generatePresent(type.ofType, about, asked)
    if (roll(asked.world.seed, 'null', ...about) % 100 < asked.world.nulls) return null
    return generatePresent(type, about, asked)
  }
  const generatePresent = (type: GraphQLOutputType, about: readonly string[], asked: Asked): unknown => {
    const { world } = asked
    const rolled = roll(world.seed, ...about)
    if (isListType(type)) {
      const length = Math.imul(rolled, 0x9e3779b1) >>> 30
      return Array.from({ length }, (_, index) => generate(type.ofType, [...about, String(index)], asked))
    }
    if (isScalarType(type)) return generatedScalar(type.name, rolled)
    if (isEnumType(type)) return pick(type.getValues(), rolled).value
    return generatedThing(type, rolled, asked)
  }
  const generatedThing = (type: GraphQLCompositeType, rolled: number, { world, info }: Asked): Thing => {
    const key = keyFields(type.name) ? pick(ENTITY_KEYS, rolled) : rolled.toString(36)
    const { name } = ownType(type, key, world, info)
    const fields = keyFields(name)
    return { __typename: name, key, given: Object.fromEntries((fields ?? []).map((field) => [field, key])) }
  }

  return (source, args, world, info) => {
    const { fieldName } = info
    if (source && Object.hasOwn(source.given, fieldName)) return source.given[fieldName]
    const about = [nameOf(info), source?.key ?? '', fieldName, JSON.stringify(args, leftOut)]
    if (source && requiresOthers(info)) about.push(JSON.stringify(source.given))
    const error = generatedError(world, about)
    if (error) throw error
    return generate(info.returnType, about, { world, info })
  }
}

/** A stream begins the same without a cursor and with null. */
const leftOut = (_: string, value: unknown) => value ?? undefined

/** An event tells what a query would find. */
function nameOf({ parentType, schema }: GraphQLResolveInfo): string {
  return parentType === schema.getSubscriptionType() ? 'Query' : parentType.name
}

interface Asked {
  world: World
  info: GraphQLResolveInfo
}

export const generatedType: GraphQLTypeResolver<Thing, World> = ({ __typename }) => __typename

/** What a subgraph knows of an entity that it is asked for: all of it, or nothing. */
export function generatedReference(keyFields: readonly string[]) {
  return (
    { __typename, ...given }: Readonly<Record<string, unknown>>,
    world: World,
    info: GraphQLResolveInfo,
  ): Thing | null => {
    const type = info.schema.getType(String(__typename))
    const known = keyFields.map((field) => given[field]).find((value) => value !== undefined)
    const key = typeof known === 'string' ? known : JSON.stringify(known)
    if (!isCompositeType(type)) throw new Error(`Nobody asks for ${String(__typename)}`)
    const { name } = ownType(type, key, world, info)
    if (roll(world.seed, 'dangling', name, key) % 100 < world.dangling) return null
    return { __typename: name, key, given }
  }
}

/** Where a place takes several types, an entity is of one of them, wherever it is met. */
function ownType(
  type: GraphQLCompositeType,
  key: string,
  { seed }: World,
  { schema }: GraphQLResolveInfo,
): GraphQLObjectType {
  if (!isAbstractType(type)) return type
  return pick(schema.getPossibleTypes(type), roll(seed, 'type', type.name, key))
}

function requiresOthers({ parentType, fieldName }: GraphQLResolveInfo): boolean {
  const directives = parentType.getFields()[fieldName]?.astNode?.directives ?? []
  return directives.some(({ name }) => name.value === 'requires')
}

function generatedScalar(name: string, rolled: number): unknown {
  switch (name) {
    case 'Int':
      return pick(INTS, rolled)
    case 'Float':
      return pick(FLOATS, rolled)
    case 'Boolean':
      return rolled % 2 === 0
    case 'DateTime':
      return new Date((rolled % 2_000_000_000) * 1000)
    case 'Date':
      return new Date((rolled % 2_000_000_000) * 1000).toISOString().slice(0, 10)
    case 'URL':
      return `https://example.com/${rolled.toString(36)}`
    case 'Cursor':
      return `cursor-${rolled.toString(36)}`
    case 'JSON':
      return pick(OPEN, rolled)
    case 'ID':
      return pick(ENTITY_KEYS, rolled)
    case 'String':
      return pick(TEXTS, rolled)
    default:
      throw new Error(`Say in this file what the scalar ${name} is like`)
  }
}
