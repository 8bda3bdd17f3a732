import { describe, expect, test } from '@jest/globals'
import { IDENTITY_HEADER } from '@courtside/auth'
import type { SubgraphResponse } from '@courtside/subgraph'
import { createTracing } from '@courtside/telemetry'
import { openCaller } from '../fixtures/caller-fixture.ts'
import {
  type AnswerReceiver,
  type Cancellation,
  type CancelListener,
  ClientPresence,
  inProcessTransport,
  type SubgraphTransport,
  SubgraphUnavailableError,
  toFetchRequest,
  TransportFailure,
  type TransportFailureKind,
  type TransportRequest,
} from './index.ts'

const QUERY = toFetchRequest({ query: '{ a }' })
const MUTATION = toFetchRequest({ query: 'mutation { a }' })

interface Sent extends AnswerReceiver {
  readonly request: TransportRequest
  aborted: boolean
}

/** Keeps what it is sent; the test answers. */
function transportByHand(): SubgraphTransport & { sent: Sent[] } {
  const sent: Sent[] = []
  return {
    sent,
    send(request, receiver) {
      const one: Sent = {
        request,
        aborted: false,
        answered: (answer) => receiver.answered(answer),
        failed: (failure) => receiver.failed(failure),
      }
      sent.push(one)
      return { abort: () => (one.aborted = true) }
    },
  }
}

/** Ends each attempt in turn, at once; the last end stays. */
function transportThat(...ends: (TransportFailure | 'answers')[]) {
  const sent: TransportRequest[] = []
  const transport: SubgraphTransport = {
    send(request, receiver) {
      sent.push(request)
      const end = (ends.length > 1 ? ends.shift() : ends[0]) ?? 'answers'
      if (end === 'answers') receiver.answered({ data: { a: 1 } })
      else receiver.failed(end)
      return { abort: () => undefined }
    },
  }
  return { transport, sent }
}

const fails = (kind: TransportFailureKind, retryAfterSeconds: number | null = null) =>
  new TransportFailure(kind, 'no', { retryAfterSeconds })

const patient = { fewestAttempts: Infinity }

async function openByHand(options: Partial<Parameters<typeof openCaller>[0]> = {}) {
  const transport = transportByHand()
  const fixture = await openCaller({ transports: { stats: transport }, ...options })
  // The identity is signed once; from here on a request is sent before `fetch` returns.
  const first = fixture.calls.fetch('stats', QUERY, fixture.caller)
  while (transport.sent.length === 0) await new Promise(setImmediate)
  transport.sent[0]?.answered({ data: {} })
  await first
  transport.sent.length = 0
  fixture.told.length = 0
  return { ...fixture, sent: transport.sent }
}

describe('asking a subgraph on behalf of somebody', () => {
  test('says who, for whom, from where and until when, and nothing that is not known', async () => {
    const { transport, sent } = transportThat('answers')
    const { calls, caller, told } = await openCaller({ transports: { stats: transport } })
    const before = Date.now()
    expect(await calls.fetch('stats', QUERY, caller)).toEqual({ data: { a: 1 } })
    expect(sent[0]?.headers).toEqual({
      [IDENTITY_HEADER]: expect.any(String),
      'x-request-id': 'request-1',
      'x-courtside-client-address': '192.0.2.1',
      'x-deadline': expect.stringMatching(/^\d{13}$/),
    })
    expect(Number(sent[0]?.headers['x-deadline']) - before).toBeGreaterThanOrEqual(10_000)
    expect(told).toEqual(['stats answered'])
  })

  test('passes on the rest of the time that the whole request has', async () => {
    const { transport, sent } = transportThat('answers')
    const { calls, caller, time } = await openCaller({ transports: { stats: transport } })
    time.now = 5_000
    const before = Date.now()
    await calls.fetch('stats', QUERY, { ...caller, deadline: 6_000 })
    const remaining = Number(sent[0]?.headers['x-deadline']) - before
    expect(remaining).toBeGreaterThanOrEqual(1_000)
    expect(remaining).toBeLessThan(10_000)
  })

  test('passes on the agent and the trace', async () => {
    const { transport, sent } = transportThat('answers')
    const { calls, caller } = await openCaller({ transports: { stats: transport } })
    const spans: string[] = []
    const tracing = await createTracing({
      serviceName: 'gateway',
      sampleRate: 1,
      log: caller.log,
      exporter: {
        export(exported, done) {
          spans.push(...exported.map((span) => `${span.name} ${span.spanContext().spanId}`))
          done({ code: 0 })
        },
        shutdown: async () => undefined,
      },
    })
    const trace = tracing.begin(undefined, 'query')!
    await calls.fetch('stats', QUERY, { ...caller, clientAgent: 'agent', trace })
    await calls.fetch('stats', QUERY, { ...caller, trace: null })
    await tracing.shutdown()
    const [, spanId] = spans[0]!.split('fetch stats ')
    expect(sent.map(({ headers }) => headers['traceparent'])).toEqual([
      `00-${trace.traceId}-${spanId}-01`,
      undefined,
    ])
    expect(sent[0]?.headers['x-courtside-client-agent']).toBe('agent')
  })

  test.each<[string, SubgraphTransport['send'], string]>([
    [
      'throws, which it must not',
      () => {
        throw new Error('no')
      },
      'stats',
    ],
    [
      'fails',
      (_request, receiver) => {
        receiver.failed(fails('useless'))
        return { abort: () => undefined }
      },
      'stats',
    ],
    ['does not exist', () => ({ abort: () => undefined }), 'unknown'],
    ['has a name that every object has', () => ({ abort: () => undefined }), 'constructor'],
  ])('is an answer with errors, or one error, when it %s', async (_, send, subgraph) => {
    const { calls, caller, told, log } = await openCaller({ transports: { stats: { send } } })
    expect(await calls.fetch(subgraph, QUERY, caller)).toMatchObject({
      data: null,
      errors: [{ path: ['a'], extensions: { code: 'SUBGRAPH_UNAVAILABLE', retryable: true } }],
    })
    await expect(calls.call(subgraph, QUERY, caller)).rejects.toThrow(SubgraphUnavailableError)
    expect(told).toEqual([`${subgraph} unavailable`, `${subgraph} unavailable`])
    expect(log.lines.map(({ level, message }) => [level, message])).toEqual([
      ['error', 'A subgraph did not answer'],
      ['error', 'A subgraph did not answer'],
    ])
  })

  test('is not misled by an answer that looks like a failure', async () => {
    const { calls, caller, sent } = await openByHand()
    const answers = [calls.call('stats', QUERY, caller), calls.fetch('stats', QUERY, caller)]
    const strange = { data: { a: 1 }, reason: 'broken', mayHaveBegun: true }
    for (const one of sent) one.answered(strange)
    expect(await Promise.all(answers)).toEqual([strange, strange])
  })

  test('is unavailable when nobody can sign who asks', async () => {
    const { transport, sent } = transportThat('answers')
    const signer = {
      assertionFor: () => Promise.reject(new Error('no key')),
      cachedAssertionFor: () => null,
    }
    const { calls, caller } = await openCaller({ transports: { stats: transport }, signer })
    await expect(calls.call('stats', QUERY, caller)).rejects.toThrow(SubgraphUnavailableError)
    expect(sent).toEqual([])
  })
})

describe('a call that takes too long', () => {
  test('is given up at its deadline, and an answer after it counts for nothing', async () => {
    const { calls, caller, sent, time, told } = await openByHand()
    const answer = calls.fetch('stats', QUERY, caller)
    time.now = 10_000
    expect((await answer).errors).toHaveLength(1)
    expect(sent[0]?.aborted).toBe(true)
    sent[0]?.answered({ data: { a: 1 } })
    sent[0]?.failed(fails('lost'))
    expect(told).toEqual(['stats unavailable'])
    expect(calls.load()).toEqual([{ subgraph: 'stats', inFlight: 0, queued: 0, breaker: 'closed' }])
  })

  test('is waited for as long as those who join have patience', async () => {
    const { calls, caller, sent, time, told } = await openByHand()
    const joined = { ...caller, deadline: 1_000 }
    const answer = calls.fetch('stats', QUERY, joined)
    joined.deadline = 5_000
    // Looked at after the first deadline, before the second.
    const other = calls.fetch('stats', QUERY, { ...caller, deadline: 900 })
    time.now = 2_000
    expect((await other).errors).toHaveLength(1)
    sent[0]?.answered({ data: { a: 1 } })
    expect((await answer).data).toEqual({ a: 1 })
    expect(told).toEqual(['stats unavailable', 'stats answered'])
  })

  test('does not invite to repeat a mutation that may have been done', async () => {
    const { calls, caller, time } = await openByHand()
    const answer = calls.fetch('stats', MUTATION, caller)
    time.now = 10_000
    expect((await answer).errors?.[0]?.extensions).toEqual({
      code: 'SUBGRAPH_UNAVAILABLE',
      retryable: false,
    })
  })

  test('is given up in the queue, too', async () => {
    const { calls, caller, sent, time } = await openByHand({ slots: { inFlight: 1 } })
    const first = calls.fetch('stats', QUERY, caller)
    const second = calls.fetch('stats', MUTATION, { ...caller, deadline: 5_000 })
    time.now = 5_000
    expect((await second).errors?.[0]?.extensions).toMatchObject({ retryable: true })
    sent[0]?.answered({ data: {} })
    await first
    expect(sent).toHaveLength(1)
  })
})

describe('what the gateway asks for itself', () => {
  test('waits for no client', async () => {
    const { calls, caller, sent } = await openByHand({ slots: { inFlight: 1, queued: 0 } })
    const clients = calls.fetch('stats', QUERY, caller)
    const own = calls.call('stats', QUERY, caller)
    expect(sent).toHaveLength(2)
    sent[1]?.answered({ data: { own: true } })
    expect((await own).data).toEqual({ own: true })
    sent[0]?.answered({ data: {} })
    await clients
  })

  test('is asked also where clients have brought down the breaker', async () => {
    const { calls, caller, sent } = await openByHand()
    const failing = Array.from({ length: 200 }, () => calls.fetch('stats', MUTATION, caller))
    for (const one of sent) one.failed(new TransportFailure('useless', 'no GraphQL'))
    await Promise.all(failing)
    expect(calls.load()[0]?.breaker).toBe('open')
    const own = calls.call('stats', QUERY, caller)
    sent.at(-1)?.answered({ data: { own: true } })
    expect((await own).data).toEqual({ own: true })
  })
})

describe('a client that leaves', () => {
  test('stops what was sent for it, without a word in the log or the figures', async () => {
    const { calls, caller, sent, log, told } = await openByHand()
    const client = new ClientPresence()
    const answer = calls.call('stats', QUERY, { ...caller, cancellation: client })
    client.cancel()
    await expect(answer).rejects.toThrow(SubgraphUnavailableError)
    expect(sent[0]?.aborted).toBe(true)
    expect([log.lines, told]).toEqual([[], []])
  })

  test('is no longer listened to after the answer', async () => {
    const { calls, caller, sent } = await openByHand()
    const listeners = new Set<CancelListener>()
    const cancellation: Cancellation = {
      isCancelled: false,
      add: (listener) => listeners.add(listener),
      remove: (listener) => listeners.delete(listener),
    }
    const answer = calls.fetch('stats', QUERY, { ...caller, cancellation })
    expect(listeners.size).toBe(1)
    sent[0]?.answered({ data: {} })
    await answer
    expect(listeners.size).toBe(0)
  })

  test('leaves the place to work that cannot be stopped, until that has ended', async () => {
    const work: PromiseWithResolvers<SubgraphResponse>[] = []
    const execute = () => {
      const one = Promise.withResolvers<SubgraphResponse>()
      work.push(one)
      return one.promise
    }
    const stats = inProcessTransport({ execute, subscribe: () => Promise.reject(new Error('no')) })
    const { calls, caller } = await openCaller({ transports: { stats }, slots: { inFlight: 1 } })
    const client = new ClientPresence()
    const left = calls.fetch('stats', QUERY, { ...caller, cancellation: client })
    while (work.length === 0) await new Promise(setImmediate)
    client.cancel()
    expect((await left).data).toBeNull()
    const next = calls.fetch('stats', QUERY, caller)
    expect([work.length, calls.load()[0]]).toEqual([1, expect.objectContaining({ inFlight: 1, queued: 1 })])
    work[0]?.resolve({ data: {} })
    while (work.length === 1) await new Promise(setImmediate)
    work[1]?.resolve({ data: { a: 1 } })
    expect((await next).data).toEqual({ a: 1 })
    expect(calls.load()[0]).toMatchObject({ inFlight: 0, queued: 0 })
  })

  test('is not asked for when it has left before', async () => {
    const { calls, caller, sent } = await openByHand()
    const client = new ClientPresence()
    client.cancel()
    await calls.fetch('stats', QUERY, { ...caller, cancellation: client })
    expect(sent).toEqual([])
    expect(calls.load()[0]?.inFlight).toBe(0)
  })

  test('leaves the queue, and the next in it is sent', async () => {
    const { calls, caller, sent } = await openByHand({ slots: { inFlight: 1 } })
    const client = new ClientPresence()
    const first = calls.fetch('stats', QUERY, caller)
    const second = calls.fetch('stats', QUERY, { ...caller, cancellation: client })
    const third = calls.fetch('stats', QUERY, { ...caller, requestId: 'third' })
    client.cancel()
    await second
    sent[0]?.answered({ data: {} })
    await first
    expect(sent.map(({ request }) => request.headers['x-request-id'])).toEqual(['request-1', 'third'])
    sent[1]?.answered({ data: {} })
    await third
  })

  test('ends the repeats', async () => {
    const { calls, caller, sent } = await openByHand()
    const client = new ClientPresence()
    const answer = calls.fetch('stats', QUERY, { ...caller, cancellation: client })
    sent[0]?.failed(fails('lost'))
    client.cancel()
    await answer
    // The repeat of a later call comes after the one that must not come.
    void calls.fetch('stats', QUERY, { ...caller, requestId: 'later' })
    sent[1]?.failed(fails('lost'))
    while (sent.length < 3) await new Promise(setImmediate)
    expect(sent.map(({ request }) => request.headers['x-request-id'])).toEqual([
      'request-1',
      'later',
      'later',
    ])
  })
})

describe('a subgraph that has enough to do', () => {
  test('is not sent more, and who waits comes in turn', async () => {
    const { calls, caller, sent } = await openByHand({ slots: { inFlight: 2 } })
    const answers = ['a', 'b', 'c', 'd'].map((requestId) =>
      calls.fetch('stats', QUERY, { ...caller, requestId }),
    )
    expect(calls.load()).toEqual([{ subgraph: 'stats', inFlight: 2, queued: 2, breaker: 'closed' }])
    for (let index = 0; index < 4; index++) sent[index]?.answered({ data: {} })
    await Promise.all(answers)
    expect(sent.map(({ request }) => request.headers['x-request-id'])).toEqual(['a', 'b', 'c', 'd'])
    expect(calls.load()[0]).toMatchObject({ inFlight: 0, queued: 0 })
  })

  test('refuses at once when too many wait, and even a mutation may come again', async () => {
    const { calls, caller, log } = await openByHand({ slots: { inFlight: 1, queued: 1 } })
    void calls.fetch('stats', QUERY, caller)
    void calls.fetch('stats', QUERY, caller)
    const { errors } = await calls.fetch('stats', MUTATION, caller)
    expect(errors?.[0]?.extensions).toEqual({
      code: 'SUBGRAPH_UNAVAILABLE',
      retryable: true,
      retryAfterSeconds: 1,
    })
    expect(log.lines.filter(({ level }) => level !== 'debug')).toEqual([])
  })
})

describe('a repeat', () => {
  test('saves a read from a connection that broke', async () => {
    const { transport, sent } = transportThat(fails('lost'), fails('busy'), 'answers')
    const { calls, caller, told } = await openCaller({ transports: { stats: transport } })
    expect(await calls.fetch('stats', QUERY, caller)).toEqual({ data: { a: 1 } })
    expect(sent).toHaveLength(3)
    expect(told).toEqual(['stats again', 'stats again', 'stats answered'])
  })

  test.each<[string, TransportFailure, number]>([
    ['was lost', fails('lost'), 1],
    ['met a busy subgraph', fails('busy'), 1],
    ['was never sent', fails('unsent'), 3],
  ])('is made of a mutation only if nothing of it was sent: it %s', async (_, failure, attempts) => {
    const { transport, sent } = transportThat(failure)
    const { calls, caller } = await openCaller({ transports: { stats: transport } })
    const { errors } = await calls.fetch('stats', MUTATION, caller)
    expect(sent).toHaveLength(attempts)
    expect(errors?.[0]?.extensions?.['retryable']).toBe(attempts > 1)
  })

  test('is not made after the deadline would have passed', async () => {
    const { transport, sent } = transportThat(fails('busy', 1))
    const { calls, caller } = await openCaller({ transports: { stats: transport } })
    const { errors } = await calls.fetch('stats', QUERY, { ...caller, deadline: 500 })
    expect(sent).toHaveLength(1)
    expect(errors?.[0]?.extensions).toMatchObject({ retryable: true, retryAfterSeconds: 1 })
  })

  test('cannot become a storm: many failing calls have few repeats', async () => {
    const { transport, sent } = transportThat(fails('lost'))
    const { calls, caller } = await openCaller({ transports: { stats: transport }, breaker: patient })
    for (let call = 0; call < 200; call++) await calls.fetch('stats', QUERY, caller)
    // Ten at once, and one for each ten of the others.
    expect(sent.length - 200).toBe(29)
  })
})

describe('a subgraph that fails', () => {
  const failing = async () => {
    const { transport, sent } = transportThat(fails('useless'))
    const fixture = await openCaller({ transports: { stats: transport } })
    for (let call = 0; call < 20; call++) await fixture.calls.fetch('stats', QUERY, fixture.caller)
    return { ...fixture, sent }
  }

  test('is not asked for a while, and everybody is told at once when to come again', async () => {
    const { calls, caller, sent, told, log, time } = await failing()
    const said = log.lines.length
    time.now = 1
    const { errors } = await calls.fetch('stats', MUTATION, caller)
    expect(errors?.[0]?.extensions).toEqual({
      code: 'SUBGRAPH_UNAVAILABLE',
      retryable: true,
      retryAfterSeconds: 1,
    })
    expect(sent).toHaveLength(20)
    expect(told.at(-1)).toBe('stats unavailable')
    expect(log.lines.slice(said).map(({ level }) => level)).toEqual(['debug'])
    expect(log.lines.filter(({ message }) => message.includes('not asked for a while'))).toHaveLength(1)
  })

  test('is not sent what waited in its queue', async () => {
    const { calls, caller, sent } = await openByHand({ slots: { inFlight: 20 } })
    const answers = Array.from({ length: 50 }, () => calls.fetch('stats', QUERY, caller))
    for (let index = 0; index < 20; index++) sent[index]?.failed(fails('useless'))
    for (const one of sent.slice(20)) one.failed(fails('useless'))
    await Promise.all(answers)
    expect(sent.length).toBeLessThan(50)
    expect(calls.load()[0]).toEqual({ subgraph: 'stats', inFlight: 0, queued: 0, breaker: 'open' })
  })

  test('is asked by one request first, and by all again when that is answered', async () => {
    const { calls, caller, sent, time, told, log } = await openByHand()
    const all = Array.from({ length: 20 }, () => calls.fetch('stats', QUERY, caller))
    for (const one of sent.splice(0)) one.failed(fails('useless'))
    await Promise.all(all)
    time.now = 1_000
    told.length = 0
    const probe = calls.fetch('stats', QUERY, caller)
    const other = await calls.fetch('stats', QUERY, caller)
    expect([sent.length, other.data]).toEqual([1, null])
    sent[0]?.answered({ data: { a: 1 } })
    expect(await probe).toEqual({ data: { a: 1 } })
    void calls.fetch('stats', QUERY, caller)
    expect(sent).toHaveLength(2)
    expect(told).toEqual(['stats unavailable', 'stats answered'])
    expect(log.lines.at(-1)?.message).toBe('A subgraph answers again')
  })

  test('lets nobody wait for the one that asks first', async () => {
    const { calls, caller, sent, time } = await openByHand({ slots: { inFlight: 1 } })
    for (let call = 0; call < 20; call++) {
      const answer = calls.fetch('stats', QUERY, caller)
      sent.pop()?.failed(fails('useless'))
      await answer
    }
    time.now = 1_000
    void calls.fetch('stats', QUERY, caller)
    expect(sent).toHaveLength(1)
    expect((await calls.fetch('stats', QUERY, caller)).data).toBeNull()
    expect(calls.load()).toEqual([{ subgraph: 'stats', inFlight: 1, queued: 0, breaker: 'half-open' }])
  })

  test('is not asked again by the call whose failure was one too many', async () => {
    const { transport } = transportThat(fails('lost'))
    const breaker = { fewestAttempts: 1 }
    const { calls, caller, told } = await openCaller({ transports: { stats: transport }, breaker })
    await calls.fetch('stats', QUERY, caller)
    expect(told).toEqual(['stats unavailable'])
  })

  test('is left alone for as long as it asked', async () => {
    const { transport } = transportThat(fails('busy', 9))
    const { calls, caller } = await openCaller({ transports: { stats: transport } })
    for (let call = 0; call < 20; call++) await calls.fetch('stats', QUERY, caller)
    const { errors } = await calls.fetch('stats', QUERY, caller)
    expect(errors?.[0]?.extensions).toMatchObject({ retryAfterSeconds: 9 })
  })

  test('is asked by another when whoever asked first has left', async () => {
    const { calls, caller, sent, time, log } = await openByHand()
    const all = Array.from({ length: 20 }, () => calls.fetch('stats', QUERY, caller))
    for (const one of sent.splice(0)) one.failed(fails('useless'))
    await Promise.all(all)
    time.now = 1_000
    const client = new ClientPresence()
    const probe = calls.fetch('stats', QUERY, { ...caller, cancellation: client })
    client.cancel()
    await probe
    void calls.fetch('stats', QUERY, caller)
    expect(sent).toHaveLength(2)
    expect(log.lines.filter(({ message }) => message.includes('not asked for a while'))).toHaveLength(1)
  })

  test.each<[string, number, string]>([
    ['it had the time', 10_000, 'open'],
    ['it was asked just before the end of a request', 100, 'closed'],
  ])('is judged by answers that are late if %s', async (_, remainingMs, breaker) => {
    const { calls, caller, time } = await openByHand()
    const all = Array.from({ length: 20 }, () =>
      calls.fetch('stats', QUERY, { ...caller, deadline: remainingMs }),
    )
    time.now = remainingMs
    await Promise.all(all)
    expect(calls.load()[0]?.breaker).toBe(breaker)
  })

  test('is not judged by requests that are none, nor by clients that leave', async () => {
    const { calls, caller, sent } = await openByHand()
    const client = new ClientPresence()
    const invalid = Array.from({ length: 30 }, () => calls.fetch('stats', QUERY, caller))
    for (const one of sent) one.failed(fails('invalid'))
    const left = Array.from({ length: 30 }, () =>
      calls.fetch('stats', QUERY, { ...caller, cancellation: client }),
    )
    client.cancel()
    await Promise.all([...invalid, ...left])
    expect(calls.load()[0]).toEqual({ subgraph: 'stats', inFlight: 0, queued: 0, breaker: 'closed' })
  })
})
