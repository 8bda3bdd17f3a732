export { createBatch, type Batch } from './batch.ts'
export { createSubgraph, type Subgraph, type SubgraphOptions } from './create-subgraph.ts'
export {
  CLIENT_ADDRESS_HEADER,
  CLIENT_AGENT_HEADER,
  DEADLINE_HEADER,
  REQUEST_ID_HEADER,
  type RequestContext,
} from './request-context.ts'
export { cursorScalar, CUSTOM_SCALARS, dateScalar, dateTimeScalar, jsonScalar, urlScalar } from './scalars.ts'
export { runSubgraph, type ServedSubgraph } from './run-subgraph.ts'
export { Heartbeat } from './socket/index.ts'
export type { SubgraphOperation, SubgraphRequest, SubgraphResponse } from './subgraph-request.ts'
export { readTypeDefs } from './type-defs.ts'
export { mergeResolvers } from './merge-resolvers.ts'
export {
  EVENT_MARK,
  type EventMark,
  isFinal,
  type MarkedRoot,
  type SubgraphEvent,
  type SubgraphEvents,
  type SubgraphSubscription,
  SubscriptionBrokenError,
} from './subscriptions/index.ts'
