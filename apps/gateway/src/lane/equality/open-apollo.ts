import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway'
import { ApolloServer } from '@apollo/server'
import { anonymous } from '@courtside/auth'
import type { GraphQLFormattedError } from 'graphql'
import { keepApolloQuiet } from '../env.ts'
import { createErrorPublisher } from '../publish-errors.ts'
import { type Answer, toAnswer, toRefused } from './answer.ts'
import type { GraphUnderTest } from './graph-under-test.ts'
import { callerOf } from './open-lanes.ts'
import type { Question } from './prepare.ts'
import { createObservation, type GeneratedSubgraphs, type Observation } from './world/generated-subgraphs.ts'
import type { World } from './world/world.ts'

export interface ApolloAnswer extends Answer {
  /** Where a value is missing, as it would be published. */
  readonly holes: readonly ApolloHole[]
  /** What went wrong in Apollo itself, in its own words. */
  readonly failures: readonly string[]
  readonly observation: Observation
}

export interface ApolloHole {
  readonly text: string
  /** The type of the object that lacks something, where Apollo names it. */
  readonly type: string | null
}

export interface OpenApollo {
  ask(question: Question): Promise<ApolloAnswer>
  stop(): Promise<void>
}

interface Context {
  world: World
  observation: Observation
}

/** @apollo/server with @apollo/gateway as they are. Only what they answer is published as ours is. */
export async function openApollo(graph: GraphUnderTest, subgraphs: GeneratedSubgraphs): Promise<OpenApollo> {
  keepApolloQuiet()
  const errors = createErrorPublisher(false)
  const caller = callerOf(anonymous, 'apollo')
  const apollo = new ApolloServer<Context>({
    gateway: new ApolloGateway({
      supergraphSdl: graph.supergraph.sdl,
      buildService: ({ name }) => dataSource(name, subgraphs),
      logger: SILENT,
    }),
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    logger: SILENT,
  })
  await apollo.start()

  return {
    async ask({ query, variables, world }) {
      const observation = createObservation()
      const { body } = await apollo.executeOperation(
        { query, variables },
        { contextValue: { world, observation } },
      )
      if (body.kind !== 'single') throw new Error('Apollo answered incrementally to a plain operation')
      const { data, errors: reported = [], extensions = {} } = body.singleResult
      const published = errors.publish(reported, caller)
      if (reported.some(isRefusal)) return { ...toRefused(published), holes: [], observation, failures: [] }
      const ownFaults = reported.filter((error) => !('serviceName' in (error.extensions ?? {})))
      const found = (extensions['valueCompletion'] ?? []) as GraphQLFormattedError[]
      const holes = found.map(({ message, path = [] }): ApolloHole => {
        const published = errors.publishHoles([{ message, path, gone: false }], data === null, caller)
        const [, type = null] = FIELD_OF_TYPE.exec(message) ?? []
        return { text: toAnswer(null, published).errors.join(), type }
      })
      return {
        ...toAnswer(data === undefined ? null : JSON.stringify(data), published),
        holes,
        observation,
        failures: ownFaults.map(({ message }) => message),
      }
    },
    stop: () => apollo.stop(),
  }
}

const FIELD_OF_TYPE = /field (\w+)\.\w+/

/** Apollo's gateway answers variables that do not fit as if they were the errors of subgraphs. */
function isRefusal({ extensions = {} }: GraphQLFormattedError): boolean {
  return extensions['code'] === 'BAD_USER_INPUT' && !('serviceName' in extensions)
}

interface Sent {
  query?: string
  operationName?: string | null
  variables?: Record<string, unknown>
}

function dataSource(subgraph: string, subgraphs: GeneratedSubgraphs): GraphQLDataSource<Context> {
  return {
    async process(options) {
      if (!('incomingRequestContext' in options)) throw new Error('Apollo asked for what is no operation')
      const { query = '', operationName, variables = {} }: Sent = options.request
      const question = {
        subgraph,
        query,
        operationName: operationName ?? undefined,
        variables: { ...variables },
      }
      const { world, observation } = options.context
      return (await subgraphs.ask(question, world, observation)) as object
    },
  }
}

const nothing = () => undefined
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing }
