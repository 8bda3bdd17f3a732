import { type TransportName, TRANSPORTS } from './transports/index.ts'

export interface WatchRequest {
  /** Of the graph, without a path. */
  url: string
  query: string
  variables?: Readonly<Record<string, unknown>>
  /** A credential, for example. Default: none. */
  headers?: Readonly<Record<string, string>>
}

/** A subscription over one transport, and what came of it. */
export interface WatchedStream<Event> {
  readonly events: readonly Event[]
  /** All events, once there are so many. Rejects when it ends before. */
  untilSeen(count: number): Promise<readonly Event[]>
  /** Why it ended, in the words of the transport, whoever ended it. */
  readonly ended: Promise<string>
  leave(): void
}

/** `Event` is what the one root field holds. */
export function watchStream<Event>(
  transport: TransportName,
  { url, query, variables = {}, headers = {} }: WatchRequest,
): WatchedStream<Event> {
  const events: Event[] = []
  const over = Promise.withResolvers<string>()
  let wake = Promise.withResolvers<void>()
  const leave = TRANSPORTS[transport](
    { url, query, variables, headers, address: '127.0.0.1' },
    {
      next(data) {
        events.push(...Object.values(data as Record<string, Event>))
        wake.resolve()
        wake = Promise.withResolvers()
      },
      ended: over.resolve,
    },
  )
  return {
    events,
    ended: over.promise,
    leave,
    async untilSeen(count) {
      while (events.length < count) {
        const end = await Promise.race([wake.promise, over.promise])
        if (end !== undefined && events.length < count) {
          throw new Error(`The ${transport} ended after ${events.length} of ${count} events: ${end}`)
        }
      }
      return events
    },
  }
}
