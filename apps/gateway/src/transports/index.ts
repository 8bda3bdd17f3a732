export { httpTransport, type HttpTransportOptions } from './http-transport.ts'
export { inProcessTransport } from './in-process-transport.ts'
export {
  type Caller,
  createSubgraphCaller,
  type SubgraphCaller,
  type SubgraphOperation,
  SubgraphUnavailableError,
} from './subgraph-caller.ts'
export type { SubgraphTransport, SubgraphTransports } from './subgraph-transport.ts'
