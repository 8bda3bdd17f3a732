export type { EventMark, SubgraphEvent, SubgraphEvents, SubgraphSubscription } from './subgraph-event.ts'
