import { describe, expect, test } from '@jest/globals'
import { anonymous, IDENTITY_HEADER } from '@courtside/auth'
import { openCaller } from '../fixtures/caller-fixture.ts'
import { HeardEvents } from './fixtures/heard-events.ts'
import {
  type EventReceiver,
  type SubgraphTransport,
  toFetchRequest,
  TransportFailure,
  type TransportRequest,
} from './index.ts'

const SUBSCRIPTION = toFetchRequest({ query: 'subscription { changed }' })

interface Subscribed {
  readonly request: TransportRequest
  readonly receiver: EventReceiver
  readonly calls: string[]
}

async function openListener() {
  const subscribed: Subscribed[] = []
  let awaited: (() => void) | null = null
  const stats: SubgraphTransport = {
    send: () => ({ abort: () => undefined }),
    subscribe(request, receiver) {
      const calls: string[] = []
      subscribed.push({ request, receiver, calls })
      awaited?.()
      return {
        stop: () => calls.push('stop'),
        pause: () => calls.push('pause'),
        resume: () => calls.push('resume'),
      }
    },
  }
  const mute: SubgraphTransport = { send: stats.send }
  const fixture = await openCaller({ transports: { stats, mute } })
  const listen = (subgraph = 'stats') => {
    const heard = new HeardEvents()
    const listening = fixture.calls.listen(subgraph, SUBSCRIPTION, fixture.caller, heard)
    return { heard, listening }
  }
  /** The one with this number, as soon as it is opened. Which of two is first is not said. */
  const opened = async (index: number): Promise<Subscribed> => {
    while (subscribed.length <= index) await new Promise<void>((resolve) => (awaited = resolve))
    const found = subscribed[index]
    if (!found) throw new Error('Nothing was opened')
    return found
  }
  const listenOpened = async () => {
    const started = listen()
    return { ...started, receiver: (await opened(subscribed.length)).receiver }
  }
  return { ...fixture, subscribed, listen, opened, listenOpened }
}

describe('listening to a subgraph on behalf of somebody', () => {
  test('says who, for whom, from where, and until when it has to begin', async () => {
    const { listen, opened } = await openListener()
    const before = Date.now()
    listen()
    const { request } = await opened(0)
    expect(request).toEqual({
      fetch: SUBSCRIPTION,
      headers: {
        [IDENTITY_HEADER]: expect.any(String),
        'x-request-id': 'request-1',
        'x-courtside-client-address': '192.0.2.1',
        'x-deadline': expect.stringMatching(/^\d{13}$/),
      },
    })
    expect(Number(request.headers['x-deadline']) - before).toBeGreaterThanOrEqual(10_000)
  })

  test('tells what the subgraph tells', async () => {
    const { listenOpened } = await openListener()
    const first = await listenOpened()
    first.receiver.event({ data: { changed: 1 }, mark: null })
    first.receiver.completed()
    const second = await listenOpened()
    second.receiver.refused([{ message: 'No.', extensions: { code: 'BANNED' } }])
    expect([first.heard.data, await first.heard.ended]).toEqual([[{ changed: 1 }], { how: 'completed' }])
    expect(await second.heard.ended).toEqual({ how: 'refused', code: 'BANNED' })
  })

  test('logs a failure once, however many it ends', async () => {
    const { listenOpened, log } = await openListener()
    const all = [await listenOpened(), await listenOpened(), await listenOpened()]
    const lost = new TransportFailure('lost', 'The connection closed')
    const other = new TransportFailure('lost', 'Another one closed')
    const failures = [lost, lost, other]
    for (const [index, { receiver }] of all.entries()) receiver.failed(failures[index] ?? lost)
    expect(await Promise.all(all.map(({ heard }) => heard.ended))).toEqual(
      failures.map((failure) => ({ how: 'failed', failure })),
    )
    expect(log.lines.filter(({ level }) => level === 'error').map(({ fields }) => fields['err'])).toEqual([
      lost,
      other,
    ])
  })

  test.each(['mute', 'unknown'])('fails, afterwards, where no transport carries it: %s', async (subgraph) => {
    const { listen } = await openListener()
    const { heard } = listen(subgraph)
    expect(heard.ends).toEqual([])
    expect(await heard.ended).toMatchObject({ how: 'failed', failure: { kind: 'invalid' } })
  })

  test('opens nothing for whoever has left by then', async () => {
    const { listen, opened, subscribed } = await openListener()
    listen().listening.stop()
    listen()
    await opened(0)
    expect(subscribed).toHaveLength(1)
  })

  test('hands on what its listener wants, also what it wanted before it was open', async () => {
    const { listen, opened } = await openListener()
    const { listening } = listen()
    listening.pause?.()
    const { calls } = await opened(0)
    await Promise.resolve()
    expect(calls).toEqual(['pause'])
    listening.resume?.()
    listening.stop()
    expect(calls).toEqual(['pause', 'resume', 'stop'])
  })

  test('fails when nobody can say who asks', async () => {
    const { log } = await openListener()
    const { calls, caller } = await openCaller({
      transports: {},
      signer: { assertionFor: () => Promise.reject(new Error('no key')), cachedAssertionFor: () => null },
      log,
    })
    const heard = new HeardEvents()
    calls.listen('stats', SUBSCRIPTION, { ...caller, principal: anonymous }, heard)
    expect(await heard.ended).toMatchObject({ how: 'failed', failure: { kind: 'invalid' } })
  })
})
