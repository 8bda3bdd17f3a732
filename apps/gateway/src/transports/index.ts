export type { Caller } from './caller.ts'
export { type Cancellation, type CancelListener, ClientPresence } from './cancellation.ts'
export type { EventReceiver, Listening, UpstreamEvent } from './event-receiver.ts'
export { httpTransport } from './http/index.ts'
export { inProcessTransport } from './in-process-transport.ts'
export {
  createSubgraphCaller,
  type SubgraphCaller,
  type SubgraphCallerOptions,
  SubgraphUnavailableError,
} from './subgraph-caller.ts'
export { toFetchRequest } from './subgraph-operation.ts'
export {
  type AnswerReceiver,
  type Sending,
  type SubgraphTransport,
  type SubgraphTransports,
  TransportFailure,
  type TransportFailureKind,
  type TransportRequest,
} from './subgraph-transport.ts'
