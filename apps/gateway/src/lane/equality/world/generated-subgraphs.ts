import { buildSubgraphSchema } from '@apollo/subgraph'
import { CUSTOM_SCALARS } from '@courtside/subgraph'
import {
  type ConstDirectiveNode,
  type DocumentNode,
  execute,
  type GraphQLError,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
  validate,
} from 'graphql'
import { LRUCache } from 'lru-cache'
import { type AskedEntities, breakAnswer, type RawAnswer } from './break-answer.ts'
import { generatedField, generatedReference, generatedType, type KeyFields } from './generated-value.ts'
import type { World } from './world.ts'

export interface SubgraphQuestion {
  subgraph: string
  query: string
  operationName: string | undefined
  variables: Readonly<Record<string, unknown>>
}

/** What somebody who knows only the answers of a graph could not tell. */
export interface Observation {
  /** The types of entities that were asked for and not known. */
  readonly gone: Set<string>
  /** Whether a value that is zero, empty or false came under a name that the planner gave it. */
  hasRenamedZero: boolean
  /** Whether an entity was answered that names an interface as its type. */
  namesInterface: boolean
}

export function createObservation(): Observation {
  return { gone: new Set(), hasRenamedZero: false, namesInterface: false }
}

/** Real executable schemas of real SDL, over worlds that are made up as they are asked about. */
export interface GeneratedSubgraphs {
  ask(question: SubgraphQuestion, world: World, observation: Observation): Promise<RawAnswer>
}

interface ReadQuestion {
  document: DocumentNode
  faults: readonly GraphQLError[]
}

const QUESTIONS_AT_HAND = 500

export function createGeneratedSubgraphs(sdl: Readonly<Record<string, string>>): GeneratedSubgraphs {
  const documents = Object.entries(sdl).map(([name, text]) => [name, parse(text)] as const)
  const interfaces = new Set<unknown>(
    documents
      .flatMap(([, { definitions }]) => definitions)
      .filter((definition) => definition.kind === Kind.INTERFACE_TYPE_DEFINITION)
      .map(({ name }) => name.value),
  )
  const keys = keysOf(documents.map(([, document]) => document))
  const keyFields: KeyFields = (type) => keys.get(type) ?? null
  const schemas = new Map(documents.map(([name, document]) => [name, executable(document, keys)]))
  const fieldResolver = generatedField(keyFields)
  const known = new LRUCache<string, ReadQuestion>({ max: QUESTIONS_AT_HAND })
  const read = (schema: GraphQLSchema, query: string): ReadQuestion => {
    const found = known.get(query)
    if (found) return found
    const document = parse(query, { noLocation: true })
    const question = { document, faults: validate(schema, document) }
    known.set(query, question)
    return question
  }

  return {
    async ask({ subgraph, query, operationName, variables }, world, observation) {
      const schema = schemas.get(subgraph)
      if (!schema) throw new Error(`The plan asks for a subgraph ${subgraph}, and there is none`)
      const { document, faults } = read(schema, query)
      // The planner sometimes asks for two fields under one name. What it makes is sent as it is, by all.
      if (faults.length > 0) return overTheWire({ errors: faults.map(toRefusal) })
      const result = await execute({
        schema,
        document,
        operationName,
        variableValues: variables,
        contextValue: world,
        fieldResolver,
        typeResolver: generatedType,
      })
      const entities = entitiesIn(document, variables)
      const answer = breakAnswer(overTheWire(result), { ...world, subgraph, entities })
      observe(answer, entities, interfaces, observation)
      return overTheWire(answer)
    },
  }
}

function toRefusal({ message }: GraphQLError) {
  return { message, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }
}

function executable(typeDefs: DocumentNode, keys: ReadonlyMap<string, readonly string[]>): GraphQLSchema {
  const defined = new Set(typeDefs.definitions.map((part) => ('name' in part ? part.name?.value : undefined)))
  const scalars = CUSTOM_SCALARS.filter(({ name }) => defined.has(name))
  const resolvers = Object.fromEntries(scalars.map((scalar) => [scalar.name, scalar]))
  const schema = buildSubgraphSchema([{ typeDefs, resolvers }])
  for (const [name, fields] of keys) {
    const type = schema.getType(name)
    if (!isObjectType(type) && !isInterfaceType(type)) continue
    // As a resolver it would be checked against the types of those of fields, which are called otherwise.
    type.extensions = { apollo: { subgraph: { resolveReference: generatedReference(fields) } } }
  }
  return schema
}

/** The fields of all `@key`s of a type, in whichever subgraph. Each of them is the key as it stands. */
function keysOf(documents: readonly DocumentNode[]): Map<string, readonly string[]> {
  const keys = new Map<string, readonly string[]>()
  for (const definition of documents.flatMap(({ definitions }) => definitions)) {
    const canHaveKeys =
      definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION
    if (!canHaveKeys) continue
    const { name, directives = [] } = definition
    const fields = directives.flatMap(keyFieldsIn)
    if (fields.length > 0) {
      keys.set(name.value, [...new Set([...(keys.get(name.value) ?? []), ...fields])])
    }
  }
  return keys
}

function keyFieldsIn({ name, arguments: given = [] }: ConstDirectiveNode): string[] {
  const value = given.find((argument) => argument.name.value === 'fields')?.value
  return name.value === 'key' && value?.kind === Kind.STRING ? value.value.split(' ') : []
}

function entitiesIn(document: DocumentNode, variables: Readonly<Record<string, unknown>>): AskedEntities[] {
  const [operation] = document.definitions
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('A subgraph was sent no operation')
  return operation.selectionSet.selections.flatMap((selection) => {
    if (selection.kind !== Kind.FIELD || selection.name.value !== '_entities') return []
    const list = selection.arguments?.[0]?.value
    const representations = list?.kind === Kind.VARIABLE ? variables[list.name.value] : undefined
    if (!Array.isArray(representations)) throw new Error('Entities were asked for without a list of them')
    return [{ responseName: (selection.alias ?? selection.name).value, representations }]
  })
}

const RENAMED_ZERO = /__alias_\d+":(?:0|""|false)[,}]/

function observe(
  { data }: RawAnswer,
  entities: readonly AskedEntities[],
  interfaces: ReadonlySet<unknown>,
  observation: Observation,
): void {
  observation.hasRenamedZero ||= RENAMED_ZERO.test(JSON.stringify(data) ?? '')
  for (const { responseName, representations } of entities) {
    const list = (data as Record<string, unknown> | null | undefined)?.[responseName]
    if (!Array.isArray(list)) continue
    for (const [index, entity] of list.entries()) {
      const type = (representations[index] as { __typename?: unknown } | undefined)?.__typename
      const named = (entity as { __typename?: unknown } | null | undefined)?.__typename
      if (interfaces.has(named)) observation.namesInterface = true
      if (entity === null || entity === undefined) observation.gone.add(String(type))
    }
  }
}

function overTheWire(answer: object): RawAnswer {
  return JSON.parse(JSON.stringify(answer)) as RawAnswer
}
