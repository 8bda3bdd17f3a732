import { eventStream, multipart } from './http-stream.ts'
import type { Transport } from './transport.ts'
import { webSocket } from './web-socket.ts'

export type { Receiver, ResultError, SubscriptionRequest, Transport } from './transport.ts'

export type TransportName = 'webSocket' | 'eventStream' | 'multipart'

export const TRANSPORTS: Readonly<Record<TransportName, Transport>> = { webSocket, eventStream, multipart }
