import { expect, test } from '@jest/globals'
import { parse } from 'graphql'
import { loadGraph } from '../graph/index.ts'
import { compilePlan, compileShape, readOperation } from '../index.ts'
import { createSubgraphs } from '../fixtures/subgraphs.ts'
import { LEAGUE } from '../fixtures/league.ts'

const graph = loadGraph(LEAGUE.supergraphSdl)

test('what follows on an event runs on its data, and is answered like an operation', async () => {
  const document = parse('subscription { gameMoved { title home { name motto } } }')
  const client = readOperation(graph, document, null)
  const { node } = graph.planner.buildQueryPlan(client.operation)
  if (node?.kind !== 'Subscription') throw new Error('The planner made no subscription of it')
  const subgraphs = createSubgraphs(LEAGUE.subgraphs)
  const rest = compilePlan(node.rest, {
    graph,
    mergeEntityFetches: false,
    defaults: client.defaults,
    fetch: (subgraph, { template, representations }) =>
      subgraphs.ask({
        subgraph,
        query: template.query,
        operationName: template.operationName,
        variables: { representations: JSON.parse(representations ?? '') as unknown },
      }),
  })
  const shape = compileShape({ ...client, schema: graph.schema })

  for (const title of ['First', 'Second']) {
    const event = { gameMoved: { title, home: { __typename: 'Team', id: '1' } } }
    const { data, errors } = shape.toText(await rest.run(event, {}, null), {})
    expect(data).toBe(
      `{"gameMoved":{"title":"${title}","home":{"name":"North Ridge","motto":"Ridge since 1901"}}}`,
    )
    expect(errors).toEqual([])
  }
})
