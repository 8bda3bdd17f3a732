import { anonymous } from '@courtside/auth'
import { createMetrics } from '@courtside/http'
import { silentLogger } from '@courtside/logger'
import { createSingleFlight } from '../../caching/index.ts'
import { createGatewayMetrics } from '../../observability/index.ts'
import { composeGraph } from '../equality/graph-under-test.ts'
import { createPreparation } from '../equality/prepare.ts'
import { createLanes } from '../index.ts'

// What it costs to complete one event of a game's page, and to begin, without what subgraphs do:
//   node apps/gateway/src/lane/subscription/complete.bench.ts

const HEAD = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])\n'
const graph = composeGraph({
  scores: `${HEAD}
    scalar Cursor
    type Query { now: Int }
    type Subscription { moved(id: ID!, after: Cursor): Change! }
    type Change { cursor: Cursor! kind: String! game: Game! }
    type Game @key(fields: "id") { id: ID! status: String! home: Team! away: Team! venue: Venue sets: [SetScore!]! }
    type Team { id: ID! name: String! shortName: String }
    type Venue { name: String! city: String }
    type SetScore { home: Int! away: Int! }
  `,
  crowd: `${HEAD}
    type Game @key(fields: "id") { id: ID! viewers: Int mood: String }
  `,
})
const FIELDS =
  'id status home { id name shortName } away { id name shortName } venue { name city } sets { home away }'
const PAGES = {
  'of one subgraph': `subscription ($id: ID!) { moved(id: $id) { cursor kind game { ${FIELDS} } } }`,
  'with a hop to another': `subscription ($id: ID!) { moved(id: $id) { cursor kind game { ${FIELDS} viewers mood } } }`,
}

function toEvent() {
  const team = (id: string, name: string) => ({ id, name, shortName: name.slice(0, 2) })
  const game = {
    __typename: 'Game',
    id: '1',
    status: 'LIVE',
    home: team('1', 'North Ridge'),
    away: team('2', 'South Bay'),
    venue: { name: 'Dome', city: 'Oslo' },
    sets: [
      { home: 25, away: 20 },
      { home: 10, away: 12 },
    ],
  }
  return { mark: null, data: { moved: { cursor: 'abcdefghijkl', kind: 'STATUS', game } } }
}

const lanes = await createLanes({
  supergraph: graph.supergraph,
  calls: { fetch: () => Promise.resolve({ data: { _entities: [{ viewers: 5, mood: 'LOUD' }] } }) },
  responseCache: null,
  flights: createSingleFlight(),
  version: 'one',
  overNetwork: false,
  slowOnly: false,
  production: true,
  metrics: createGatewayMetrics(createMetrics()),
  log: silentLogger,
})
const prepare = createPreparation(graph, lanes.schema)
const caller = {
  principal: anonymous,
  requestId: 'request',
  clientAddress: null,
  clientAgent: null,
  log: silentLogger,
  cancellation: null,
}

const ROUNDS = 6
const EVENTS = 50_000

function microsecondsEach(before: NodeJS.CpuUsage): string {
  const { user, system } = process.cpuUsage(before)
  return ((user + system) / EVENTS).toFixed(1)
}

for (const [page, query] of Object.entries(PAGES)) {
  const { prepared } = prepare({ query })
  const begin = () => lanes.subscription({ ...prepared, variables: { id: '1' }, caller }).subscription
  const { complete } = begin()
  for (let round = 1; round <= ROUNDS; round++) {
    const events = Array.from({ length: EVENTS }, toEvent)
    const before = process.cpuUsage()
    for (const event of events) {
      const text = complete(event)
      if (typeof text !== 'string') await text
    }
    if (round === ROUNDS) console.log(`an event ${page}: ${microsecondsEach(before)} µs`)
  }
  const before = process.cpuUsage()
  for (let count = 0; count < EVENTS; count++) begin()
  console.log(`to begin, ${page}: ${microsecondsEach(before)} µs`)
}
await lanes.stop()
