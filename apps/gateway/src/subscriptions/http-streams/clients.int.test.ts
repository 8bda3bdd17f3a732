import { ApolloClient, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache } from '@apollo/client'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createClient as createUrqlClient, fetchExchange, subscriptionExchange } from '@urql/core'
import { createClient as createSseClient } from 'graphql-sse'
import { Network, Observable, type RequestParameters } from 'relay-runtime'
import { type LiveFixture, openLiveFixture } from '../../fixtures/live-fixture.ts'
import { cursorOf, LIVE_SDL } from '../../fixtures/scripted-events.ts'
import { createSeen, type Seen } from '../../fixtures/seen.ts'

const QUERY = 'subscription Scored($after: Cursor) { scored(game: "1", after: $after) { seq } }'

let fixture: LiveFixture
beforeEach(async () => {
  fixture = await openLiveFixture()
})
afterEach(() => fixture.stop())

type Subscribe = (variables: Record<string, unknown>, seen: Seen) => () => void

const apollo = (): Subscribe => {
  const client = new ApolloClient({ link: new HttpLink({ uri: fixture.url }), cache: new InMemoryCache() })
  return (variables, seen) => {
    const subscription = client.subscribe({ query: gql(QUERY), variables }).subscribe({
      next: (result) => (result.error ? seen.end(result.error) : seen.next(result)),
      error: (error: unknown) => seen.end(error),
      complete: () => seen.end('complete'),
    })
    return () => subscription.unsubscribe()
  }
}

const sse = (): Subscribe => {
  const client = createSseClient({ url: fixture.url, retryAttempts: 5, retry: () => Promise.resolve() })
  return (variables, seen) =>
    client.subscribe(
      { query: QUERY, variables },
      {
        next: (result) => (result.errors ? seen.end(result.errors) : seen.next(result)),
        error: (error) => seen.end(error),
        complete: () => seen.end('complete'),
      },
    )
}

const urqlOverFetch = (): Subscribe => {
  const client = createUrqlClient({
    url: fixture.url,
    exchanges: [fetchExchange],
    fetchSubscriptions: true,
    preferGetMethod: false,
  })
  return (variables, seen) =>
    client.subscription(QUERY, variables).subscribe((result) => {
      if (result.error) seen.end(result.error)
      else seen.next(result)
    }).unsubscribe
}

const urqlOverSse = (): Subscribe => {
  const transport = createSseClient({ url: fixture.url, retry: () => Promise.resolve() })
  const client = createUrqlClient({
    url: fixture.url,
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
  return (variables, seen) =>
    client.subscription(QUERY, variables).subscribe((result) => {
      if (result.error) seen.end(result.error)
      else seen.next(result)
    }).unsubscribe
}

const relay = (): Subscribe => {
  const transport = createSseClient({ url: fixture.url, retry: () => Promise.resolve() })
  const network = Network.create(
    () => Promise.reject(new Error('There is nothing to fetch')),
    ({ text, name }, variables) =>
      Observable.create((sink) =>
        transport.subscribe(
          { query: text ?? '', operationName: name, variables },
          {
            next: (result) => sink.next(result as Parameters<typeof sink.next>[0]),
            error: (error) => sink.error(error as Error),
            complete: () => sink.complete(),
          },
        ),
      ),
  )
  const request: RequestParameters = {
    name: 'Scored',
    operationKind: 'subscription',
    text: QUERY,
    id: null,
    cacheID: 'scored',
    metadata: {},
  }
  return (variables, seen) => {
    const subscription = network.execute(request, variables, {}).subscribe({
      next: (result: unknown) => seen.next(result),
      error: (error: unknown) => seen.end(error),
      complete: () => seen.end('complete'),
    })
    return () => subscription.unsubscribe()
  }
}

describe.each([
  ['Apollo Client, multipart', apollo],
  ['graphql-sse', sse],
  ['urql, by fetch', urqlOverFetch],
  ['urql, graphql-sse', urqlOverSse],
  ['Relay, graphql-sse', relay],
] as const)('%s', (_, createSubscribe) => {
  test('is told each event once, from a snapshot or after a cursor', async () => {
    fixture.events.score(1)
    const subscribe = createSubscribe()
    const fresh = createSeen()
    const stopFresh = subscribe({}, fresh)
    await fresh.until(1)
    const later = createSeen()
    const stopLater = subscribe({ after: cursorOf(0) }, later)
    await later.until(1)
    fixture.events.score(2)
    fixture.events.score(3)
    await Promise.all([fresh.until(3), later.until(3)])
    expect(fresh.seqs).toEqual([1, 2, 3])
    expect(later.seqs).toEqual([1, 2, 3])
    stopFresh()
    stopLater()
    while (fixture.streams.open > 0) await new Promise(setImmediate)
    expect(fresh.ends.filter((end) => end !== 'complete')).toEqual([])
  })
})

describe.each([
  ['Apollo Client, multipart', apollo],
  ['graphql-sse', sse],
  ['Relay, graphql-sse', relay],
] as const)('%s', (_, createSubscribe) => {
  test('knows when there is no more to tell', async () => {
    const seen = createSeen()
    createSubscribe()({}, seen)
    await seen.until(1)
    fixture.events.complete()
    await seen.untilEnd()
    expect(seen.ends).toEqual(['complete'])
  })
})

test('Apollo Client learns why a subscription was refused', async () => {
  const client = new ApolloClient({ link: new HttpLink({ uri: fixture.url }), cache: new InMemoryCache() })
  const refused = new Promise((resolve) => {
    client.subscribe({ query: gql('subscription { ownScored(game: "1") { seq } }') }).subscribe({
      next: ({ error }) => resolve(error),
      error: resolve,
    })
  })
  expect(CombinedGraphQLErrors.is(await refused)).toBe(true)
  expect(await refused).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
})

test('Apollo Client learns why a subscription cannot go on', async () => {
  const seen = createSeen()
  apollo()({}, seen)
  await seen.until(1)
  await fixture.replaceSchema(LIVE_SDL.replace('seq: Int!', 'place: Int!'))
  await seen.untilEnd()
  expect(seen.ends[0]).toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] })
})

test('the client of graphql-sse comes back after a connection was cut', async () => {
  const seen = createSeen()
  const stop = sse()({}, seen)
  await seen.until(1)
  fixture.events.score(1)
  await seen.until(2)
  await fixture.cutConnections()
  // Of cursors it knows nothing by itself, so it begins with a snapshot again, and what came after that.
  await seen.until(4)
  fixture.events.score(2)
  await seen.until(5)
  expect(seen.seqs).toEqual([0, 1, 0, 1, 2])
  stop()
})
