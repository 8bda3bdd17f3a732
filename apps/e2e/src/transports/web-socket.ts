import { createClient, type FormattedExecutionResult } from 'graphql-ws'
import WebSocket from 'ws'
import { describeErrors, once, receive, type Result, type Transport } from './transport.ts'

/** graphql-transport-ws, by the client that most apps use. */
export const webSocket: Transport = ({ url, query, variables, address, headers }, listener) => {
  const receiver = once(listener)
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    retryAttempts: 0,
    webSocketImpl: class extends WebSocket {
      constructor(to: string, protocol: string) {
        super(to, protocol, { headers: { ...headers, 'x-forwarded-for': address } })
      }
    },
  })
  client.subscribe<unknown>(
    { query, variables },
    {
      next(result: FormattedExecutionResult<unknown>) {
        if (receive(result, receiver) === 'ended') void client.dispose()
      },
      error: (error) => receiver.ended(describe(error)),
      complete: () => receiver.ended('complete'),
    },
  )
  return () => {
    receiver.ended('closed')
    client.terminate()
  }
}

function describe(error: unknown): string {
  if (Array.isArray(error)) return describeErrors(error as NonNullable<Result['errors']>)
  if (typeof error === 'object' && error !== null && 'code' in error) {
    return `closed with ${String(error.code)}${'reason' in error ? `: ${String(error.reason)}` : ''}`
  }
  if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message)
  return JSON.stringify(error)
}
