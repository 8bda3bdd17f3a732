export {
  EVENT_MARK,
  type EventMark,
  type MarkedRoot,
  type SubgraphEvent,
  type SubgraphEvents,
  type SubgraphSubscription,
} from './subgraph-event.ts'
export { isFinal, SubscriptionBrokenError } from './subscription-end.ts'
export { createSubscriptions, type Subscriptions } from './subscriptions.ts'
