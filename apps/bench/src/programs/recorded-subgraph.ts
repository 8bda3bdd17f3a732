import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  createIdentitySigner,
  createIdentityVerifier,
  generateIdentityKeys,
  IDENTITY_HEADER,
  servicePrincipal,
} from '@courtside/auth'
import { silentLogger } from '@courtside/logger'
import type { Subgraph, SubgraphEvents } from '@courtside/subgraph'
import { type ExecutionResult, GraphQLError, GraphQLSchema, parse } from 'graphql'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import type { DomainSubgraph } from '../domain/index.ts'
import { serveDomain } from './serve-domain.ts'

export interface RecordedSubgraphs {
  readonly addresses: Readonly<Record<string, string>>
  /** Over HTTP, so far. */
  readonly calls: number
}

interface GraphqlBody {
  query: string
  operationName?: string
  variables?: Record<string, unknown>
}

/** May read everything there is, as what is measured are gateways and not what subgraphs refuse. */
const reader = servicePrincipal('bench', ['resolve:identity'])

/**
 * Each subgraph behind a recording: the first request with a body is really answered, later ones with the same bytes get
 * the same bytes. Subscriptions are served as graphql-ws does, to anybody.
 */
export async function serveRecorded(domains: readonly DomainSubgraph[]): Promise<RecordedSubgraphs> {
  const keys = await generateIdentityKeys()
  const signer = await createIdentitySigner(keys.privateKey)
  const addresses: Record<string, string> = {}
  let calls = 0

  const headersFor = async ({ name }: Subgraph) => ({
    [IDENTITY_HEADER]: await signer.assertionFor(reader, name),
  })
  const record = async (subgraph: Subgraph, body: string): Promise<Buffer> => {
    const { query, operationName, variables } = JSON.parse(body) as GraphqlBody
    const request = { query, operationName, variables, headers: await headersFor(subgraph) }
    return Buffer.from(JSON.stringify(await subgraph.execute(request)))
  }
  const replay = (subgraph: Subgraph) => {
    const recorded = new Map<string, Promise<Buffer>>()
    const server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        calls += 1
        const body = Buffer.concat(chunks).toString('utf8')
        let answer = recorded.get(body)
        if (!answer) recorded.set(body, (answer = record(subgraph, body)))
        answer.then(
          (bytes) => {
            response.writeHead(200, {
              'content-type': 'application/json; charset=utf-8',
              'content-length': bytes.length,
            })
            response.end(bytes)
          },
          (error: unknown) => response.writeHead(500).end(String(error)),
        )
      })
    })
    server.keepAliveTimeout = 0
    return server
  }

  for (const domain of domains) {
    const identity = await createIdentityVerifier(keys.publicKey, domain.name)
    const subgraph = await serveDomain(domain, identity, silentLogger)
    const server = replay(subgraph)
    serveEvents(subgraph, new WebSocketServer({ server, path: '/graphql' }), headersFor)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    addresses[domain.name] = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`
  }
  return {
    addresses,
    get calls() {
      return calls
    },
  }
}

type HeadersFor = (subgraph: Subgraph) => Promise<Record<string, string>>

/** What our own subgraphs say beside each event is an extension, of which others make nothing. */
function serveEvents(subgraph: Subgraph, server: WebSocketServer, headersFor: HeadersFor): void {
  const asked = new WeakMap<object, GraphqlBody>()
  useServer(
    {
      onSubscribe(_context, _id, { query, operationName, variables }) {
        const document = parse(query)
        asked.set(document, {
          query,
          ...(operationName && { operationName }),
          ...(variables && { variables }),
        })
        // Only for graphql-ws to know that it is a subscription: it is executed by the subgraph.
        return { schema: NO_SCHEMA, document }
      },
      async subscribe({ document }) {
        const body = asked.get(document)
        if (!body) throw new Error('Nobody has asked for this')
        const { events, errors } = await subgraph.subscribe({ ...body, headers: await headersFor(subgraph) })
        return events ? withMarks(events) : { errors: errors.map(toError) }
      },
    },
    server,
  )
}

const NO_SCHEMA = new GraphQLSchema({})

const toError = ({ message, extensions }: { message: string; extensions?: Record<string, unknown> }) =>
  new GraphQLError(message, { ...(extensions && { extensions }) })

async function* withMarks(events: SubgraphEvents): AsyncGenerator<ExecutionResult> {
  for await (const { data, errors, mark } of events) {
    yield {
      ...(data !== undefined && { data }),
      ...(errors && { errors: errors.map(toError) }),
      extensions: { mark },
    }
  }
}
