export { DEFAULT_WEBSOCKET_LIMITS, type WebSocketLimits } from './websocket-limits.ts'
export {
  createWebSocketServer,
  type WebSocketServer,
  type WebSocketServerOptions,
} from './websocket-server.ts'
