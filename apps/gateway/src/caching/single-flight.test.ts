import { describe, expect, test } from '@jest/globals'
import { type Cancellation, ClientPresence } from '../transports/index.ts'
import { createSingleFlight, type Waiters } from './single-flight.ts'

function setUp() {
  const flights = createSingleFlight<string>()
  const started: (PromiseWithResolvers<string> & { waiters: Waiters })[] = []
  const join = (key: string, cancellation: Cancellation | null = null, deadline: number | null = null) =>
    flights.join(key, { cancellation, deadline }, (waiters) => {
      const work = { ...Promise.withResolvers<string>(), waiters }
      started.push(work)
      return work.promise
    })
  return { flights, started, join }
}

describe('a single flight', () => {
  test('starts one work for all that ask for the same at the same time', async () => {
    const { started, join } = setUp()
    const answers = [join('a'), join('a'), join('b'), join('a')]
    expect(started).toHaveLength(2)
    started[0]?.resolve('A')
    started[1]?.resolve('B')
    expect(await Promise.all(answers)).toEqual(['A', 'A', 'B', 'A'])
  })

  test('is as patient as the most patient of those who wait', () => {
    const { started, join } = setUp()
    void join('a', null, 200)
    expect(started[0]?.waiters.deadline).toBe(200)
    void join('a', null, 300)
    void join('a', null, 100)
    expect(started[0]?.waiters.deadline).toBe(300)
    void join('a')
    expect(started[0]?.waiters.deadline).toBe(Infinity)
  })

  test('remembers no answer', async () => {
    const { started, join } = setUp()
    const first = join('a')
    started[0]?.resolve('old')
    await first
    const second = join('a')
    started[1]?.resolve('new')
    expect(await second).toBe('new')
  })

  test('fails all that wait, and remembers no failure', async () => {
    const { started, join } = setUp()
    const answers = [join('a'), join('a')]
    started[0]?.reject(new Error('broken'))
    const ends = await Promise.allSettled(answers)
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    const again = join('a')
    started[1]?.resolve('well')
    expect(await again).toBe('well')
  })

  test('goes on while one waits, and is given up when the last has gone', () => {
    const { started, join } = setUp()
    const waiters = [new ClientPresence(), new ClientPresence(), new ClientPresence()]
    for (const waiter of waiters) void join('a', waiter)
    waiters[0]?.cancel()
    waiters[0]?.cancel()
    waiters[1]?.cancel()
    expect(started[0]?.waiters.isCancelled).toBe(false)
    waiters[2]?.cancel()
    expect(started[0]?.waiters.isCancelled).toBe(true)
  })

  test('tells the work when it is given up', () => {
    const { started, join } = setUp()
    const waiter = new ClientPresence()
    void join('a', waiter)
    let told = 0
    started[0]?.waiters.add({ cancelled: () => (told += 1) })
    waiter.cancel()
    expect(told).toBe(1)
  })

  test('goes on for who never goes', () => {
    const { started, join } = setUp()
    const waiter = new ClientPresence()
    void join('a')
    void join('a', waiter)
    waiter.cancel()
    expect(started[0]?.waiters.isCancelled).toBe(false)
  })

  test('is given up for who had gone before it began', () => {
    const { started, join } = setUp()
    const waiter = new ClientPresence()
    waiter.cancel()
    void join('a', waiter)
    expect(started[0]?.waiters.isCancelled).toBe(true)
  })

  test('lets nobody join what is given up, and the end of that does not touch what began after', async () => {
    const { flights, started, join } = setUp()
    const waiter = new ClientPresence()
    const first = join('a', waiter)
    waiter.cancel()
    const next = join('a')
    expect(started).toHaveLength(2)
    started[0]?.reject(new Error('given up'))
    await Promise.allSettled([first])
    expect(flights.has('a')).toBe(true)
    started[1]?.resolve('well')
    expect(await next).toBe('well')
    expect(flights.has('a')).toBe(false)
  })

  test('cannot be given up after its end', async () => {
    const { started, join } = setUp()
    const waiter = new ClientPresence()
    const answer = join('a', waiter)
    started[0]?.resolve('A')
    await answer
    waiter.cancel()
    expect(started[0]?.waiters.isCancelled).toBe(false)
  })

  test('is not joined after its departure, and still answers those on board', async () => {
    const { flights, started, join } = setUp()
    const before = join('a')
    flights.depart()
    const after = join('a')
    started[0]?.resolve('before the change')
    started[1]?.resolve('after it')
    expect(await before).toBe('before the change')
    expect(await after).toBe('after it')
  })

  test('is not there when it could not start', () => {
    const { flights } = setUp()
    const fail = () =>
      flights.join('a', { cancellation: null }, () => {
        throw new Error('no start')
      })
    expect(fail).toThrow('no start')
    expect(flights.has('a')).toBe(false)
  })
})
