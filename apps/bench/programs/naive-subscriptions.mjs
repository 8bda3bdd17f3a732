// What one builds first with Apollo's own parts: for each client a subscription at the subgraph, and for each of its
// events the rest of the query plan.
// Usage: node naive-subscriptions.mjs '{"port", "supergraphFile"}'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { buildOperationContext, executeQueryPlan, RemoteGraphQLDataSource } from '@apollo/gateway'
import { operationFromDocument, Supergraph } from '@apollo/federation-internals'
import { QueryPlanner } from '@apollo/query-planner'
import { createClient } from 'graphql-ws'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocket, WebSocketServer } from 'ws'

const { port, supergraphFile } = JSON.parse(process.argv[2])
const supergraph = Supergraph.build(readFileSync(supergraphFile, 'utf8'))
const supergraphSchema = supergraph.schema.toGraphQLJSSchema()
const apiSchema = supergraph.apiSchema()
const schema = apiSchema.toGraphQLJSSchema()
const planner = new QueryPlanner(supergraph)
const services = {}
const upstreams = {}
for (const { name, url } of supergraph.subgraphsMetadata()) {
  services[name] = new RemoteGraphQLDataSource({ url })
  upstreams[name] = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket })
}

const server = createServer((_request, response) => response.end('{}'))
useServer({ schema, subscribe }, new WebSocketServer({ server, path: '/graphql' }))
server.listen(port, '127.0.0.1')

async function subscribe({ document, variableValues: variables, operationName }) {
  const operation = operationFromDocument(apiSchema, document, { operationName })
  const { primary, rest } = planner.buildQueryPlan(operation).node
  const events = upstreams[primary.serviceName].iterate({
    query: primary.operation,
    operationName: primary.operationName,
    variables: Object.fromEntries((primary.variableUsages ?? []).map((name) => [name, variables?.[name]])),
  })
  const context = buildOperationContext({ schema, operationDocument: document, operationName })
  return answers(events, primary, rest, context, variables)
}

/** The event takes the place of the first fetch of the plan. */
async function* answers(events, primary, rest, context, variables) {
  const first = { ...primary, kind: 'Fetch', serviceName: '$event' }
  const plan = { kind: 'QueryPlan', node: rest ? { kind: 'Sequence', nodes: [first, rest] } : first }
  const request = { request: { variables: variables ?? {} }, context: {}, metrics: {} }
  for await (const { data } of events) {
    const withEvent = { ...services, $event: { process: async () => ({ data }) } }
    yield executeQueryPlan(plan, withEvent, request, context, supergraphSchema, apiSchema, {})
  }
}
