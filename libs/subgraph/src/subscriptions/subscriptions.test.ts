import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import {
  anonymous,
  createIdentitySigner,
  createIdentityVerifier,
  generateIdentityKeys,
  IDENTITY_HEADER,
  type Principal,
} from '@courtside/auth'
import { DomainError } from '@courtside/kernel'
import { EventChannel } from '../fixtures/event-channel.ts'
import { type Line, logInto } from '../fixtures/listed-log.ts'
import {
  createSubgraph,
  DEADLINE_HEADER,
  EVENT_MARK,
  type EventMark,
  isFinal,
  type RequestContext,
  type Subgraph,
  type SubgraphEvents,
  type SubgraphRequest,
  SubscriptionBrokenError,
} from '../index.ts'

const SDL = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
    import: ["@authenticated", "@requiresScopes", "@policy"])
  type Query { a: Int }
  type Change { n: Int! loads: Int! deadline: Float slow: Int trouble: Int @authenticated }
  type Subscription {
    changed(from: Int! = 0): Change!
    known: Change @authenticated
    scoped: Change @requiresScopes(scopes: [["manage:users"]])
    person: Change @policy(policies: [["person"]])
    refused: Change
    away: Change
    limited: Change
    faulty: Change
    nothing: Change
    generated: Change
  }`

interface Context extends RequestContext {
  loads: { count: number }
}
interface Change {
  n: number
  slow?: () => Promise<number>
  trouble?: () => never
}

const domainError = (kind: DomainError['kind'], code: string) =>
  new DomainError({ kind, code, message: 'No.', details: { seconds: 3 } })

const keys = await generateIdentityKeys()
const signer = await createIdentitySigner(keys.privateKey)
const lines: Line[] = []
let channel: EventChannel
let begun: { from?: number; deadline: number | null }[]
let contexts: number
let subgraph: Subgraph

beforeEach(async () => {
  channel = new EventChannel()
  begun = []
  contexts = 0
  lines.length = 0
  const listen = (_: unknown, { from }: { from?: number }, { deadline }: Context) => {
    begun.push({ ...(from !== undefined && { from }), deadline })
    return channel
  }
  const failing = (make: () => Error) => ({ subscribe: () => Promise.reject(make()) })
  subgraph = await createSubgraph<Context>({
    name: 'changes',
    typeDefs: SDL,
    resolvers: {
      Change: {
        loads: (_: Change, _args: object, { loads }: Context) => ++loads.count,
        deadline: (_: Change, _args: object, { deadline }: Context) => deadline,
      },
      Subscription: {
        changed: { subscribe: listen },
        known: { subscribe: listen },
        scoped: { subscribe: listen },
        person: { subscribe: listen },
        refused: failing(() => domainError('forbidden', 'BANNED')),
        away: failing(() => domainError('unavailable', 'DATABASE_UNAVAILABLE')),
        limited: failing(() => domainError('limited', 'SLOW_DOWN')),
        faulty: failing(() => new Error('secret of the database')),
        nothing: { subscribe: () => null },
        generated: {
          async *subscribe() {
            yield { generated: { n: 1 } }
            await new Promise(() => undefined)
          },
        },
      },
    },
    createContext: (request) => {
      contexts++
      return { ...request, loads: { count: 0 } }
    },
    identity: await createIdentityVerifier(keys.publicKey, 'changes'),
    readiness: { problems: async () => [] },
    log: logInto(lines),
    introspection: false,
    close: async () => undefined,
  })
})
afterEach(() => subgraph.stop())

let headers: Record<string, string>
beforeAll(async () => {
  headers = { [IDENTITY_HEADER]: await signer.assertionFor(anonymous, 'changes') }
})

const subscribe = (query: string, request: Partial<SubgraphRequest> = {}) =>
  subgraph.subscribe({ query, headers, ...request })

async function begin(query: string, request: Partial<SubgraphRequest> = {}): Promise<SubgraphEvents> {
  const { events, errors } = await subscribe(query, request)
  if (!events) throw new Error(`It did not begin: ${JSON.stringify(errors)}`)
  return events
}

const errorsOf = async (query: string, request: Partial<SubgraphRequest> = {}) => {
  const { events, errors } = await subscribe(query, request)
  if (events) throw new Error('It began')
  return errors
}

const changed = (n: number, more: object = {}, mark?: EventMark) => ({
  changed: { n, ...more },
  ...(mark && { [EVENT_MARK]: mark }),
})
const CHANGED = 'subscription { changed { n } }'
const SLOW = 'subscription { changed { n slow } }'

describe('a subscription', () => {
  test('answers its events in order, each with its mark', async () => {
    const place = { kind: 'place', cursor: 'c', epoch: 1, seq: 2, snapshot: false } as const
    const key = { kind: 'key', key: 'k' } as const
    const events = await begin(CHANGED)
    channel.push(changed(1, {}, place), changed(2, {}, key), changed(3))
    channel.end()
    const told: unknown[] = []
    for await (const event of events) told.push(event)
    expect(told).toEqual([
      { data: { changed: { n: 1 } }, mark: place },
      { data: { changed: { n: 2 } }, mark: key },
      { data: { changed: { n: 3 } }, mark: null },
    ])
  })

  test('answers one event after the other, also when several are asked for at once', async () => {
    const first = Promise.withResolvers<number>()
    const events = await begin('subscription { changed { n slow } }')
    channel.push(changed(1, { slow: () => first.promise }), changed(2, { slow: () => Promise.resolve(2) }))
    const told: unknown[] = []
    const both = [1, 2].map(() => events.next().then(({ value }) => told.push(value?.data?.['changed'])))
    await turn()
    expect(told).toEqual([])
    first.resolve(1)
    await Promise.all(both)
    expect(told).toEqual([
      { n: 1, slow: 1 },
      { n: 2, slow: 2 },
    ])
  })

  test('reads one event ahead and no more', async () => {
    const events = await begin(CHANGED)
    expect(channel.asked).toBe(0)
    channel.push(...[1, 2, 3, 4].map((n) => changed(n)))
    await events.next()
    await turn()
    expect(channel.asked).toBe(2)
    await events.next()
    await turn()
    expect(channel.asked).toBe(3)
  })

  test('lets others have their turn where one event is to be answered for many', async () => {
    const subscriptions = await Promise.all(Array.from({ length: 40 }, () => begin(SLOW)))
    let turns = 0
    let isOver = false
    const count = () => {
      turns += 1
      if (!isOver) setImmediate(count)
    }
    const work = () => {
      const until = performance.now() + 1
      while (performance.now() < until);
      return Promise.resolve(1)
    }
    const told: number[] = []
    const all = subscriptions.map(async (events, n) => {
      const { value } = await events.next()
      expect(value?.data).toEqual({ changed: { n, slow: 1 } })
      told.push(n)
    })
    await turn()
    setImmediate(count)
    channel.push(...subscriptions.map((_, n) => changed(n, { slow: work })))
    await Promise.all(all)
    isOver = true
    expect(turns).toBeGreaterThanOrEqual(5)
    expect(told).toEqual(subscriptions.map((_, n) => n))
  })

  test('gives each event loaders of its own', async () => {
    const events = await begin('subscription { changed { loads again: loads } }')
    channel.push(changed(1), changed(2))
    const loads = { loads: 1, again: 2 }
    expect((await events.next()).value?.data?.['changed']).toEqual(loads)
    expect((await events.next()).value?.data?.['changed']).toEqual(loads)
    expect(contexts).toBe(3)
  })

  test('is given its variables as the schema says', async () => {
    const query = 'subscription ($from: Int! = 7) { changed(from: $from) { n } }'
    await begin(query)
    await begin(query, { variables: { from: 8 } })
    expect(begun.map(({ from }) => from)).toEqual([7, 8])
  })

  test('has a deadline for its beginning, and none for its life', async () => {
    const late = { ...headers, [DEADLINE_HEADER]: String(Date.now() - 1) }
    expect(await errorsOf(CHANGED, { headers: late })).toMatchObject([{ extensions: { code: 'TIMEOUT' } }])
    const soon = { ...headers, [DEADLINE_HEADER]: String(Date.now() + 60_000) }
    const events = await begin('subscription { changed { deadline } }', { headers: soon })
    channel.push(changed(1))
    expect((await events.next()).value?.data).toEqual({ changed: { deadline: null } })
    expect(begun).toEqual([{ from: 0, deadline: null }])
  })

  test('goes on after an event that fails, which tells no secrets', async () => {
    const events = await begin(CHANGED)
    channel.push(
      { changed: () => Promise.reject(new Error('secret of the database')) },
      { changed: () => Promise.reject(domainError('not-found', 'GONE')) },
      changed(3),
    )
    const fault = (await events.next()).value
    expect(fault).toMatchObject({
      data: null,
      errors: [{ path: ['changed'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
    })
    expect(JSON.stringify(fault)).not.toContain('secret')
    expect(lines).toContainEqual(expect.objectContaining({ level: 'error', message: 'Unexpected error' }))
    expect((await events.next()).value).toMatchObject({ errors: [{ extensions: { code: 'GONE' } }] })
    expect((await events.next()).value?.data).toEqual({ changed: { n: 3 } })
  })
})

describe('a subscription that is left', () => {
  test('frees its source at once, and answers whoever waits', async () => {
    const events = await begin(CHANGED)
    const waiting = events.next()
    await turn()
    expect(await events.return()).toEqual({ value: undefined, done: true })
    await channel.left
    expect(await waiting).toEqual({ value: undefined, done: true })
    expect(await events.next()).toEqual({ value: undefined, done: true })
  })

  test('is over even when its source is a generator that waits for ever', async () => {
    const events = await begin('subscription { generated { n } }')
    await events.next()
    const waiting = events.next()
    await turn()
    await events.return()
    expect((await waiting).done).toBe(true)
  })

  test('frees its source while an event is answered, and does not tell that event', async () => {
    const slow = Promise.withResolvers<number>()
    const events = await begin('subscription { changed { slow } }')
    channel.push(changed(1, { slow: () => slow.promise }))
    const waiting = events.next()
    await turn()
    await events.return()
    await channel.left
    slow.resolve(1)
    expect((await waiting).done).toBe(true)
  })
})

describe('a subscription that ends otherwise than meant', () => {
  const endOf = (events: SubgraphEvents) =>
    events.next().then(
      () => {
        throw new Error('It went on')
      },
      (error: unknown) => {
        if (!(error instanceof SubscriptionBrokenError)) throw error
        return error.errors
      },
    )

  test.each([
    ['a fault of ours, which says nothing', new Error('secret'), 'INTERNAL_SERVER_ERROR', false],
    ['what it has lost', domainError('unavailable', 'DATABASE_UNAVAILABLE'), 'DATABASE_UNAVAILABLE', false],
    ['a refusal', domainError('forbidden', 'BANNED'), 'BANNED', true],
  ])('tells %s, once, after the events before it', async (_, fault, code, final) => {
    const events = await begin(CHANGED)
    channel.push(changed(1))
    channel.fail(fault)
    expect((await events.next()).done).toBe(false)
    const errors = await endOf(events)
    expect(errors).toEqual([expect.objectContaining({ extensions: expect.objectContaining({ code }) })])
    expect(JSON.stringify(errors)).not.toContain('secret')
    expect(isFinal(errors)).toBe(final)
    expect(await events.next()).toEqual({ value: undefined, done: true })
  })

  test('is broken, and not completed, when the subgraph stops', async () => {
    const first = await begin(CHANGED)
    const second = await begin(CHANGED)
    const third = await begin(CHANGED)
    await second.return()
    const waiting = endOf(first)
    await subgraph.stop()
    for (const errors of [await waiting, await endOf(third), await errorsOf(CHANGED)]) {
      expect(errors).toMatchObject([{ extensions: { code: 'SUBGRAPH_UNAVAILABLE', retryable: true } }])
      expect(isFinal(errors)).toBe(false)
    }
  })
})

describe('a subscription that does not begin', () => {
  test.each([
    ['refused', 'BANNED', true],
    ['away', 'DATABASE_UNAVAILABLE', false],
    ['limited', 'SLOW_DOWN', false],
    ['faulty', 'INTERNAL_SERVER_ERROR', false],
    ['nothing', 'INTERNAL_SERVER_ERROR', false],
  ])('says why when its source is %s', async (field, code, final) => {
    const errors = await errorsOf(`subscription { ${field} { n } }`)
    expect(errors).toMatchObject([{ extensions: { code } }])
    expect(JSON.stringify(errors)).not.toContain('secret')
    expect(isFinal(errors)).toBe(final)
  })

  test.each([
    ['no GraphQL', 'subscription {', 'GRAPHQL_PARSE_FAILED'],
    ['unknown', 'subscription { chang { n } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['two at once', 'subscription { changed { n } known { n } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['a query', '{ a }', 'OPERATION_RESOLUTION_FAILURE'],
    ['a question about the schema', '{ __schema { types { name } } }', 'OPERATION_RESOLUTION_FAILURE'],
  ])('is refused when the document is %s', async (_, query, code) => {
    const errors = await errorsOf(query)
    expect(errors).toMatchObject([{ extensions: { code } }])
    expect(JSON.stringify(errors)).not.toContain('Did you mean')
    expect(begun).toEqual([])
  })

  test.each([
    ['an alias', 'subscription { __proto__: changed { n } }'],
    ['its name', 'subscription __proto__ { changed { n } }'],
  ])('is told that no name may be __proto__, such as %s', async (_, query) => {
    expect(await errorsOf(query)).toMatchObject([
      { message: expect.stringContaining('__proto__'), extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ])
  })

  test('is refused when its variables do not fit, with each reason', async () => {
    const query = 'subscription ($from: Int!) { changed(from: $from) { n } }'
    expect(await errorsOf(query, { variables: { from: 'x' } })).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT' }, message: expect.stringContaining('$from') },
    ])
    expect(begun).toEqual([])
  })

  test('is not run as a plain operation', async () => {
    const { data } = await subgraph.execute({ query: CHANGED, headers })
    expect(data?.['changed']).toBeUndefined()
    expect(begun).toEqual([])
  })
})

describe('access to a subscription', () => {
  const user: Principal = {
    ...anonymous,
    kind: 'user',
    userId: 'u',
    sessionId: 's',
    roles: ['viewer'],
    scopes: [],
  }
  const admin: Principal = { ...user, scopes: ['manage:users'] }
  const as = async (principal: Principal) => ({
    headers: { [IDENTITY_HEADER]: await signer.assertionFor(principal, 'changes') },
  })

  test.each<[string, Principal, string]>([
    ['known', anonymous, 'UNAUTHENTICATED'],
    ['scoped', anonymous, 'UNAUTHENTICATED'],
    ['scoped', user, 'FORBIDDEN'],
    ['person', anonymous, 'UNAUTHENTICATED'],
  ])('is refused before the source of %s begins', async (field, principal, code) => {
    const errors = await errorsOf(`subscription { ${field} { n } }`, await as(principal))
    expect(errors).toMatchObject([{ extensions: { code } }])
    expect(begun).toEqual([])
    expect(isFinal(errors)).toBe(true)
  })

  test.each<[string, Principal]>([
    ['known', user],
    ['scoped', admin],
    ['person', user],
  ])('is given to whoever meets what %s asks for', async (field, principal) => {
    const events = await begin(`subscription { ${field} { n } }`, await as(principal))
    channel.push({ [field]: { n: 1 } })
    expect((await events.next()).value?.data).toEqual({ [field]: { n: 1 } })
  })

  test('is checked in what the events hold as well', async () => {
    const events = await begin('subscription { changed { trouble } }')
    channel.push(changed(1, { trouble: 5 }))
    expect((await events.next()).value).toMatchObject({
      data: { changed: { trouble: null } },
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    })
  })

  test.each([
    ['no assertion', {}],
    ['something else in its place', { [IDENTITY_HEADER]: 'somebody' }],
  ])('needs the word of the gateway: %s is not enough', async (_, strange) => {
    await expect(subscribe(CHANGED, { headers: strange })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    expect(begun).toEqual([])
  })
})
