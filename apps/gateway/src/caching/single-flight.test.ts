import { describe, expect, test } from '@jest/globals'
import { createSingleFlight } from './single-flight.ts'

function setUp() {
  const flights = createSingleFlight<string>()
  const started: (PromiseWithResolvers<string> & { abandoned: number })[] = []
  const join = (key: string) =>
    flights.join(key, () => {
      const work = { ...Promise.withResolvers<string>(), abandoned: 0 }
      started.push(work)
      return { answer: work.promise, abandon: () => (work.abandoned += 1) }
    })
  return { flights, started, join }
}

describe('a single flight', () => {
  test('starts one work for all that ask for the same at the same time', async () => {
    const { started, join } = setUp()
    const tickets = [join('a'), join('a'), join('b'), join('a')]
    expect(started).toHaveLength(2)
    started[0]?.resolve('A')
    started[1]?.resolve('B')
    expect(await Promise.all(tickets.map(({ answer }) => answer))).toEqual(['A', 'A', 'B', 'A'])
  })

  test('remembers no answer', async () => {
    const { started, join } = setUp()
    const first = join('a')
    started[0]?.resolve('old')
    await first.answer
    const second = join('a')
    started[1]?.resolve('new')
    expect(await second.answer).toBe('new')
  })

  test('fails all that wait, and remembers no failure', async () => {
    const { started, join } = setUp()
    const tickets = [join('a'), join('a')]
    started[0]?.reject(new Error('broken'))
    const ends = await Promise.allSettled(tickets.map(({ answer }) => answer))
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    const again = join('a')
    started[1]?.resolve('well')
    expect(await again.answer).toBe('well')
  })

  test('goes on while one waits, and is given up when the last leaves', () => {
    const { started, join } = setUp()
    const [first, second, third] = [join('a'), join('a'), join('a')]
    first.leave()
    first.leave()
    second.leave()
    expect(started[0]?.abandoned).toBe(0)
    third.leave()
    expect(started[0]?.abandoned).toBe(1)
  })

  test('lets nobody join what is given up, and the end of that does not touch what began after', async () => {
    const { flights, started, join } = setUp()
    join('a').leave()
    const next = join('a')
    expect(started).toHaveLength(2)
    started[0]?.reject(new Error('given up'))
    await Promise.allSettled([started[0]?.promise])
    expect(flights.has('a')).toBe(true)
    started[1]?.resolve('well')
    expect(await next.answer).toBe('well')
    expect(flights.has('a')).toBe(false)
  })

  test('cannot be given up after its end', async () => {
    const { started, join } = setUp()
    const ticket = join('a')
    started[0]?.resolve('A')
    await ticket.answer
    ticket.leave()
    expect(started[0]?.abandoned).toBe(0)
  })

  test('is not joined after its departure, and still answers those on board', async () => {
    const { flights, started, join } = setUp()
    const before = join('a')
    flights.depart()
    const after = join('a')
    started[0]?.resolve('before the change')
    started[1]?.resolve('after it')
    expect(await before.answer).toBe('before the change')
    expect(await after.answer).toBe('after it')
  })

  test('is not there when it could not start', () => {
    const { flights } = setUp()
    const fail = () =>
      flights.join('a', () => {
        throw new Error('no start')
      })
    expect(fail).toThrow('no start')
    expect(flights.has('a')).toBe(false)
  })
})
