import {
  type ConstDirectiveNode,
  getNamedType,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  valueFromASTUntyped,
} from 'graphql'
import { StartupError } from '@courtside/kernel'
import { costDirectiveNames } from './cost-link.ts'
import { createWeighers, type Weigher } from './weigh-input.ts'

/** How long a list is, or the lists of a page. */
export interface ListRule {
  /** Used when no slicing argument is given; null when the schema does not say. */
  readonly assumedSize: number | null
  /** The arguments that ask for a length. The largest counts. */
  readonly slicing: readonly GraphQLArgument[]
  /** The fields of the object returned that are this long; null for each of its lists that says nothing itself. */
  readonly sizedFields: ReadonlySet<string> | null
  /** Whether exactly one of the slicing arguments has to be given. */
  readonly requiresOne: boolean
}

export interface FieldRule {
  readonly field: GraphQLField<unknown, unknown>
  /** What one value of the field costs, without what is selected of it. */
  readonly weight: number
  /** Null for a field that says nothing of length and takes no page size. */
  readonly list: ListRule | null
  /** What giving an argument costs; null when it costs nothing. */
  weigherOf(argument: string): Weigher | null
}

/** What `@cost` and `@listSize` say in a supergraph, and what holds where they say nothing. */
export interface DemandRules {
  readonly schema: GraphQLSchema
  /** Null for what only the specification has, such as `__typename`. */
  field(type: GraphQLCompositeType, name: string): FieldRule | null
}

/** The arguments of a page, in every subgraph. */
export function isPageSize(argument: string): boolean {
  return argument === 'first' || argument === 'last'
}

/**
 * Reads the cost directives of IBM's specification, as federation composes them. Throws when one of them could not be
 * followed: a limit that is silently weaker is none. An object costs 1 and a scalar nothing, in and out, as there.
 */
export function createDemandRules(schema: GraphQLSchema): DemandRules {
  const names = costDirectiveNames(schema)
  const argumentsOf = (nodes: readonly ConstDirectiveNode[] | undefined, name: string) => {
    const directive = nodes?.find((node) => node.name.value === name)
    if (!directive) return null
    return Object.fromEntries(
      (directive.arguments ?? []).map((argument) => [
        argument.name.value,
        valueFromASTUntyped(argument.value),
      ]),
    )
  }
  const weightIn = (nodes: readonly ConstDirectiveNode[] | undefined, coordinate: string): number | null => {
    const given = argumentsOf(nodes, names.cost)
    return given ? count(given['weight'], `${coordinate} has a @cost whose weight`) : null
  }
  const ownTypeWeight = (type: GraphQLNamedType): number =>
    weightIn(type.astNode?.directives, type.name) ??
    (isCompositeType(type) || isInputObjectType(type) ? 1 : 0)
  /** Whoever asks for an interface gets one of the objects behind it: the dearest counts. */
  const typeWeight = (type: GraphQLNamedType): number =>
    Math.max(...[type, ...(isAbstractType(type) ? schema.getPossibleTypes(type) : [])].map(ownTypeWeight))
  const weighers = createWeighers({
    weightOf: ({ astNode }, coordinate) => weightIn(astNode?.directives, coordinate),
    typeWeight: ownTypeWeight,
  })

  const listRule = (field: GraphQLField<unknown, unknown>, coordinate: string): ListRule | null => {
    const pages = field.args.filter(({ name }) => isPageSize(name))
    const given = argumentsOf(field.astNode?.directives, names.listSize)
    if (!given) {
      if (pages.length === 0) return null
      return { assumedSize: null, slicing: pages, sizedFields: null, requiresOne: false }
    }
    const { assumedSize = null, slicingArguments, sizedFields, requireOneSlicingArgument = true } = given
    const slicing = texts(slicingArguments).map((name) => {
      const argument = field.args.find((one) => one.name === name)
      if (argument) return argument
      throw wrong(
        `${coordinate} has a @listSize with the slicing argument ${name}, which is no argument of it.`,
      )
    })
    return {
      assumedSize:
        assumedSize === null ? null : count(assumedSize, `${coordinate} has a @listSize whose assumedSize`),
      slicing: slicing.length > 0 ? slicing : pages,
      sizedFields: sizedFields == null ? null : new Set(texts(sizedFields)),
      requiresOne: slicing.length > 0 && requireOneSlicingArgument === true,
    }
  }

  const ownWeight = (type: GraphQLCompositeType, name: string): number | null =>
    isUnionType(type) ? null : weightIn(type.getFields()[name]?.astNode?.directives, `${type.name}.${name}`)
  const fieldRule = (type: GraphQLCompositeType, field: GraphQLField<unknown, unknown>): FieldRule => {
    const coordinate = `${type.name}.${field.name}`
    const owners = [type, ...(isInterfaceType(type) ? schema.getPossibleTypes(type) : [])]
    const weights = owners.map((owner) => ownWeight(owner, field.name)).filter((weight) => weight !== null)
    const byArgument = new Map(
      field.args.map((argument) => [
        argument.name,
        weighers.of(argument, `${coordinate}(${argument.name}:)`),
      ]),
    )
    return {
      field,
      weight: weights.length > 0 ? Math.max(...weights) : typeWeight(getNamedType(field.type)),
      list: listRule(field, coordinate),
      weigherOf: (argument) => byArgument.get(argument) ?? null,
    }
  }

  const rules = new Map<string, ReadonlyMap<string, FieldRule>>()
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue
    const fields = Object.values(type.getFields()).map(
      (field) => [field.name, fieldRule(type, field)] as const,
    )
    rules.set(type.name, new Map(fields))
  }
  return { schema, field: (type, name) => rules.get(type.name)?.get(name) ?? null }
}

/** Negative figures could pay for what is dear. */
function count(value: unknown, what: string): number {
  const number = Number(value)
  if (Number.isInteger(number) && number >= 0) return number
  throw wrong(`${what} is ${String(value)}. It must be a whole number, at least 0.`)
}

/** A single text stands for a list of one. */
function texts(value: unknown): string[] {
  return [value ?? []].flat().map(String)
}

function wrong(what: string): StartupError {
  return new StartupError(`${what} Mend the subgraph, and compose again with npm run compose.`)
}
