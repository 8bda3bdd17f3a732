import { beforeEach, describe, expect, test } from '@jest/globals'
import { Delivery, type Told, type Watcher } from './delivery.ts'

const toTold = (data: unknown) => data as Told
const change = (seq: number, more: object = {}) => ({
  gameId: 'g1',
  seq,
  snapshot: false,
  cursor: `c${seq}`,
  ...more,
})
const next = (id: string, data: object, more: object = {}) =>
  Buffer.from(JSON.stringify({ id, type: 'next', payload: { data, ...more } }))
const watcher = (id: string, at: number | null = 0): Watcher => ({ gameId: 'g1', id: Buffer.from(id), at })

let delivery: Delivery
beforeEach(() => {
  delivery = new Delivery(toTold, true)
})

describe('what subscribers are told', () => {
  test('is the same for all, each under the own id', () => {
    for (const one of [watcher('aaaa'), watcher('bbbb')]) {
      for (const seq of [1, 2]) delivery.receive(one, next(String(one.id), change(seq)), 10)
      expect(one.at).toBe(2)
    }
    expect(delivery.figures).toEqual({ delivered: 4, wrong: 0, complaint: null })
    expect(delivery.cursors('g1').get(2)).toBe('c2')
  })

  test('begins where the snapshot stands, which is not counted', () => {
    const one = watcher('aaaa', null)
    delivery.receive(one, next('aaaa', change(7, { snapshot: true })), 10)
    expect(one.at).toBe(7)
    expect(delivery.figures.delivered).toBe(0)
  })

  test.each([
    ['under the id of somebody else', next('aaaa', change(1)), 'another id'],
    ['out of its order', next('bbbb', change(3)), 'comes after 0'],
    ['in other words', next('bbbb', change(1, { score: 9 })), 'differs'],
    ['with errors', next('bbbb', change(1), { errors: [{ message: 'no' }] }), 'is no event'],
    ['of another game', next('bbbb', change(1, { gameId: 'g2' })), 'another game'],
  ])('is wrong when it comes %s', (_how, message, complaint) => {
    delivery.receive(watcher('aaaa'), next('aaaa', change(1)), 10)
    const one = watcher('bbbb')
    delivery.receive(one, message, 10)
    expect(delivery.figures).toMatchObject({
      delivered: 1,
      wrong: 1,
      complaint: expect.stringContaining(complaint),
    })
    expect(one.at).toBe(0)
  })

  test('may have any id where nothing knows of subscribers', () => {
    delivery = new Delivery(toTold, false)
    for (const id of ['aaaa', 'bbbb']) delivery.receive(watcher(id), next('0000', change(1)), 10)
    expect(delivery.figures).toMatchObject({ delivered: 2, wrong: 0 })
  })
})

test('latencies count from the moment of each event, those of all copies', () => {
  delivery.receive(watcher('aaaa'), next('aaaa', change(1)), 15)
  delivery.receive(watcher('bbbb'), next('bbbb', change(1)), 12)
  expect([...delivery.takeLatencies([['g1', 1, 10]])]).toEqual([2, 5])
  expect([...delivery.takeLatencies([['g1', 1, 10]])]).toEqual([])
})
