import { describe, expect, jest, test } from '@jest/globals'
import { ClientPresence } from './cancellation.ts'

describe('the presence of a client', () => {
  test('ends once, and everybody who still listens is told', () => {
    const client = new ClientPresence()
    const listeners = [1, 2, 3].map(() => ({ cancelled: jest.fn() }))
    for (const listener of listeners) client.add(listener)
    const [first, second, third] = listeners
    if (second) client.remove(second)
    expect(client.isCancelled).toBe(false)
    client.cancel()
    client.cancel()
    expect(client.isCancelled).toBe(true)
    expect([first, second, third].map((listener) => listener?.cancelled.mock.calls.length)).toEqual([1, 0, 1])
  })

  test('tells everybody, also when the first to hear of it removes the others', () => {
    const client = new ClientPresence()
    const last = { cancelled: jest.fn() }
    client.add({ cancelled: () => client.remove(last) })
    client.add(last)
    client.cancel()
    expect(last.cancelled).toHaveBeenCalledTimes(1)
  })
})
