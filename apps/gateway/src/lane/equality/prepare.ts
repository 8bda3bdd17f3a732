import type { GraphQLSchema } from 'graphql'
import { createCachePlanner, createCacheRules } from '../../caching/index.ts'
import { createDemandRules, type Limits } from '../../limits/index.ts'
import { chooseOperation, createPreparedDocuments } from '../../operations/index.ts'
import type { LaneRequest } from '../lane-request.ts'
import type { GraphUnderTest } from './graph-under-test.ts'
import type { World } from './world/world.ts'

/** What is asked, and what subgraphs answer. */
export interface Question {
  query: string
  variables: Readonly<Record<string, unknown>>
  world: World
}

export interface Prepared {
  prepared: Pick<LaneRequest, 'document' | 'operation'>
}

export interface PreparedQuestion extends Question, Prepared {}

/** What is generated stays small, and what protects the process is tested by itself. */
const NO_LIMITS: Limits = {
  bodyBytes: Infinity,
  tokens: { anonymous: Infinity, known: Infinity },
  nesting: Infinity,
  listNesting: Infinity,
  depth: Infinity,
  introspectionDepth: Infinity,
  aliases: Infinity,
  rootFields: Infinity,
  directives: Infinity,
  selections: Infinity,
  items: Infinity,
  values: Infinity,
  cost: Infinity,
  variablesDepth: Infinity,
  variableValues: Infinity,
  requestsPerMinute: { address: Infinity, person: Infinity, partner: Infinity, refusedCredentials: Infinity },
  costPerMinute: { address: Infinity, person: Infinity, partner: Infinity },
}

/** Makes of a question what the edge hands to the lanes. */
export function createPreparation(
  { supergraph: { access } }: GraphUnderTest,
  schema: GraphQLSchema,
): <Asked extends Pick<Question, 'query'>>(question: Asked) => Asked & Prepared {
  const documents = createPreparedDocuments({
    schema,
    access,
    demand: createDemandRules(access.schema),
    caching: createCachePlanner(createCacheRules(access.schema)),
    limits: NO_LIMITS,
    policy: { hideSchema: false },
  })
  return (question) => {
    const document = documents.prepare(question.query, true)
    return { ...question, prepared: { document, operation: chooseOperation(document, null) } }
  }
}
