import {
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  GraphQLScalarType,
  type GraphQLSchema,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql'
import { Guarded, guardItems, isPromise, Unfit } from './guarded.ts'

type Resolve = GraphQLFieldResolver<unknown, unknown>

/**
 * The type of every variable that compiled code is given: values are ready when they come. Its name is none that
 * a schema may use.
 */
export const READY = new GraphQLScalarType({ name: '__Ready' })

/**
 * Changes a schema so that what graphql-jit makes of it answers as graphql-js would. The schema serves nothing else.
 *
 * Compiled code reads a field without a resolver as a plain property. That is its speed, and right for most leaves; the
 * others are noticed (see `leaf-values.ts`). An object may be a promise or a method there, so it is given a resolver.
 */
export function prepareForCompiler(schema: GraphQLSchema): void {
  assertDistinctResolvers(schema)
  schema.getTypeMap()[READY.name] = READY
  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type) && type.resolveType) {
      const { resolveType } = type
      type.resolveType = (value, context, info, abstract) => {
        const found = resolveType(value, context, info, abstract)
        if (isPromise(found)) throw new Unfit(`The type of a value of ${type.name} has still to be found`)
        return found
      }
    }
    if (!isObjectType(type) || type.name.startsWith('__')) continue
    if (type.isTypeOf) {
      throw new Error(`${type.name}: write __resolveType at the interface or union in place of __isTypeOf`)
    }
    // So that everything runs beneath a promise, and no fault can break out of compiled code.
    const always = type === schema.getQueryType()
    for (const field of Object.values(type.getFields())) {
      const isLeaf = isLeafType(isNonNullType(field.type) ? field.type.ofType : field.type)
      if (!field.resolve && isLeaf && !always) continue
      field.resolve = guarded(field.resolve ?? propertyNamed(field.name), listDepthOf(field.type), always)
    }
  }
}

/**
 * Makes operations that are compiled from now on compute the fields of this name, because one was seen to hold a promise
 * or a method. False when they do already.
 */
export function computeFields(schema: GraphQLSchema, name: string): boolean {
  let changed = false
  for (const type of Object.values(schema.getTypeMap())) {
    const field = isObjectType(type) ? type.getFields()[name] : undefined
    if (!field || field.resolve) continue
    field.resolve = guarded(propertyNamed(name), 0, false)
    changed = true
  }
  return changed
}

function guarded(resolve: Resolve, listDepth: number, always: boolean): Resolve {
  return (source, args, context, info) => {
    const value = resolve(source, args, context, info)
    if (isPromise(value)) return new Guarded(value, listDepth)
    if (always) return new Guarded(Promise.resolve(value), listDepth)
    return listDepth === 0 ? value : guardItems(value, listDepth)
  }
}

/** What graphql-js does for a field without a resolver, by a name that does not come with the operation. */
function propertyNamed(name: string): Resolve {
  return (source, args, context, info) => {
    if (typeof source !== 'object' || source === null) return undefined
    const value: unknown = (source as Record<string, unknown>)[name]
    return typeof value === 'function' ? (value.call(source, args, context, info) as unknown) : value
  }
}

function listDepthOf(type: GraphQLOutputType): number {
  if (isNonNullType(type)) return listDepthOf(type.ofType)
  return isListType(type) ? 1 + listDepthOf(type.ofType) : 0
}

/** graphql-jit knows a resolver by the names of its type and its field, written together. */
function assertDistinctResolvers(schema: GraphQLSchema): void {
  const known = new Map<string, string>()
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue
    for (const field of Object.keys(type.getFields())) {
      const other = known.get(type.name + field)
      if (other)
        throw new Error(`Rename one of ${other} and ${type.name}.${field}: together they read the same`)
      known.set(type.name + field, `${type.name}.${field}`)
    }
  }
}
