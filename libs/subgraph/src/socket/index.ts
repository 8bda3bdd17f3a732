export { createSubgraphSocket, type SubgraphSocket } from './subgraph-socket.ts'
export { Heartbeat } from './heartbeat.ts'
