import { ApolloClient, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache } from '@apollo/client'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createClient as createUrqlClient, subscriptionExchange } from '@urql/core'
import { type Client, type ClientOptions, createClient } from 'graphql-ws'
import { Network, Observable, type RequestParameters } from 'relay-runtime'
import { WebSocket } from 'ws'
import { type LiveGatewayFixture, openLiveGateway } from './fixtures/live-gateway-fixture.ts'
import { cursorAt } from './fixtures/scores-fixture.ts'
import { createSeen, type Seen } from './fixtures/seen.ts'

const QUERY =
  'subscription Scored($after: Cursor) { scored(game: "1", after: $after) { seq moment { text } } }'
const KEPT = 'subscription Kept { scored(game: "1") { seq scouting } }'

let fixture: LiveGatewayFixture
const transports: Client[] = []
beforeEach(async () => {
  fixture = await openLiveGateway()
})
afterEach(async () => {
  for (const transport of transports.splice(0)) await transport.dispose()
  await fixture.stop()
})

/** What a library does with a subscription, and how to leave it. */
type Subscribe = (query: string, variables: Record<string, unknown>, seen: Seen) => () => void

const socket = (options: Partial<ClientOptions> = {}): Client => {
  const transport = createClient({
    url: fixture.socketUrl,
    webSocketImpl: WebSocket,
    retryWait: async () => {},
    ...options,
  })
  transports.push(transport)
  return transport
}

const throughApollo =
  (client: ApolloClient): Subscribe =>
  (query, variables, seen) => {
    const subscription = client.subscribe({ query: gql(query), variables }).subscribe({
      next: (result) => (result.error ? seen.end(result.error) : seen.next(result)),
      error: (error: unknown) => seen.end(error),
      complete: () => seen.end('complete'),
    })
    return () => subscription.unsubscribe()
  }

const apollo = (options?: Partial<ClientOptions>): Subscribe =>
  throughApollo(new ApolloClient({ link: new GraphQLWsLink(socket(options)), cache: new InMemoryCache() }))

const urql = (options?: Partial<ClientOptions>): Subscribe => {
  const transport = socket(options)
  const client = createUrqlClient({
    url: `${fixture.url}/graphql`,
    preferGetMethod: false,
    exchanges: [
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables }) => ({
          subscribe: (sink) => ({
            unsubscribe: transport.subscribe(
              { query, variables: variables as Record<string, unknown> },
              {
                next: (result) => sink.next(result as Parameters<typeof sink.next>[0]),
                error: (error) => sink.error(error),
                complete: () => sink.complete(),
              },
            ),
          }),
        }),
      }),
    ],
  })
  return (query, variables, seen) =>
    client.subscription(query, variables).subscribe((result) => {
      if (result.error) seen.end(result.error)
      else seen.next(result)
    }).unsubscribe
}

type Fetched = Parameters<Parameters<typeof Observable.create>[0]>[0]

/** Relay's network layer, over whatever carries its subscriptions. */
const throughRelay =
  (forward: (query: string, variables: Record<string, unknown>, sink: Fetched) => () => void): Subscribe =>
  (query, variables, seen) => {
    const network = Network.create(
      () => Promise.reject(new Error('There is nothing to fetch')),
      ({ text }, given) => Observable.create((sink) => forward(text ?? '', given, sink)),
    )
    const request: RequestParameters = {
      name: 'Scored',
      operationKind: 'subscription',
      text: query,
      id: null,
      cacheID: query,
      metadata: {},
    }
    const subscription = network.execute(request, variables, {}).subscribe({
      next: (result: unknown) => seen.next(result),
      error: (error: unknown) => seen.end(error),
      complete: () => seen.end('complete'),
    })
    return () => subscription.unsubscribe()
  }

const relay = (options?: Partial<ClientOptions>): Subscribe => {
  const transport = socket(options)
  return throughRelay((query, variables, sink) =>
    transport.subscribe(
      { query, variables },
      {
        next: (result) => sink.next(result),
        error: (error) => sink.error(error as Error),
        complete: () => sink.complete(),
      },
    ),
  )
}

describe.each([
  ['Apollo Client', apollo],
  ['urql', urql],
  ['Relay', relay],
] as const)('%s over a socket', (_, open) => {
  test('is told each event once, from a snapshot or after a cursor', async () => {
    fixture.scores.score('1')
    const subscribe = open()
    const fresh = createSeen()
    const later = createSeen()
    const stopFresh = subscribe(QUERY, {}, fresh)
    const stopLater = subscribe(QUERY, { after: cursorAt(0) }, later)
    await Promise.all([fresh.until(1), later.until(1)])
    fixture.scores.score('1')
    fixture.scores.score('1')
    await Promise.all([fresh.until(3), later.until(3)])
    expect(fresh.seqs).toEqual([1, 2, 3])
    expect(later.seqs).toEqual([1, 2, 3])
    stopFresh()
    stopLater()
    await nobodyWatches()
    expect([...fresh.ends, ...later.ends].filter((end) => end !== 'complete')).toEqual([])
  })

  test('is who its token says, and learns why something is refused to them', async () => {
    const keeper = await fixture.accounts.signIn('scorekeeper')
    const viewer = await fixture.accounts.signIn('viewer')
    const as = (token: string) => open({ connectionParams: { authorization: `Bearer ${token}` } })
    const allowed = createSeen()
    as(keeper.token)(KEPT, {}, allowed)
    await allowed.until(1)
    const refused = createSeen()
    as(viewer.token)(KEPT, {}, refused)
    await refused.untilEnd()
    expect(refused.seqs).toEqual([])
    expect(JSON.stringify(codesIn(refused.ends[0]))).toContain('FORBIDDEN')
  })

  test('comes back after its connection was lost', async () => {
    const opened: WebSocket[] = []
    const subscribe = open({
      webSocketImpl: class extends WebSocket {
        constructor(address: string, protocols: string) {
          super(address, protocols)
          opened.push(this)
        }
      },
    })
    const seen = createSeen()
    const stop = subscribe(QUERY, {}, seen)
    await seen.until(1)
    opened[0]?.terminate()
    // Of cursors it knows nothing by itself, so it begins with a snapshot again.
    await seen.until(2)
    fixture.scores.score('1')
    await seen.until(3)
    expect(seen.seqs).toEqual([0, 0, 1])
    expect(fixture.scores.asked).toEqual(['1'])
    stop()
  })
})

describe('Relay over multipart, carried by Apollo', () => {
  test('is told each event once', async () => {
    const link = new HttpLink({ uri: `${fixture.url}/graphql` })
    const carrier = new ApolloClient({ link, cache: new InMemoryCache() })
    const subscribe = throughRelay((query, variables, sink) => {
      const subscription = carrier
        .subscribe({ query: gql(query), variables, fetchPolicy: 'no-cache' })
        .subscribe({
          next: ({ data, error }) => (error ? sink.error(error) : sink.next({ data: data as never })),
          error: (error: Error) => sink.error(error),
          complete: () => sink.complete(),
        })
      return () => subscription.unsubscribe()
    })
    const seen = createSeen()
    const stop = subscribe(QUERY, {}, seen)
    await seen.until(1)
    fixture.scores.score('1')
    fixture.scores.score('1')
    await seen.until(3)
    expect(seen.seqs).toEqual([0, 1, 2])
    stop()
    await nobodyWatches()
  })
})

async function nobodyWatches(): Promise<void> {
  while ((await fixture.figures('courtside_gateway_hub'))['what="subscribers"'] !== 0);
}

/** Each library wraps what it was told in its own way. */
function codesIn(end: unknown): unknown[] {
  if (CombinedGraphQLErrors.is(end)) return end.errors.map(({ extensions }) => extensions?.['code'])
  const errors = Array.isArray(end) ? end : ((end as { graphQLErrors?: unknown[] }).graphQLErrors ?? [end])
  return errors.map((error) => (error as { extensions?: { code?: unknown } }).extensions?.code)
}
