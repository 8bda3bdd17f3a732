import { describe, expect, test } from '@jest/globals'
import type { BudgetHolder } from '../../limits/index.ts'
import { createStandingDemand } from './standing-demand.ts'

const ann: BudgetHolder = { kind: 'person', id: 'ann' }
const bob: BudgetHolder = { kind: 'person', id: 'bob' }
const refusal = expect.objectContaining({ status: 429, code: 'TOO_MANY_SUBSCRIPTIONS' })

/** With a cost of 100, and 100 for being another one, five fit. */
const open = () => createStandingDemand({ address: 200, person: 1_000, partner: 2_000 })

describe('the different subscriptions of one holder', () => {
  test('may cost so much together', () => {
    const demand = open()
    for (let count = 1; count <= 5; count += 1) demand.enter(ann, `game ${count}`, 100)
    expect(() => demand.enter(ann, 'game 6', 100)).toThrow(refusal)
    expect(() => demand.enter(ann, 'game 6', 0)).toThrow(refusal)
  })

  test('are counted once where they are equal', () => {
    const demand = open()
    for (let count = 1; count <= 50; count += 1) demand.enter(ann, 'game 1', 100)
    for (let count = 2; count <= 5; count += 1) demand.enter(ann, `game ${count}`, 100)
    expect(() => demand.enter(ann, 'game 6', 100)).toThrow(refusal)
    demand.enter(ann, 'game 1', 100)
  })

  test('take no room from others, nor people from addresses or keys of the same name', () => {
    const demand = open()
    for (let count = 1; count <= 5; count += 1) demand.enter(ann, `game ${count}`, 100)
    demand.enter(bob, 'game 6', 100)
    demand.enter({ kind: 'address', id: 'ann' }, 'game 6', 100)
    demand.enter({ kind: 'partner', id: 'ann' }, 'game 6', 100)
  })

  test('make room when the last of equal ones has ended, once', () => {
    const demand = open()
    const first = demand.enter(ann, 'game 1', 100)
    const second = demand.enter(ann, 'game 1', 100)
    for (let count = 2; count <= 5; count += 1) demand.enter(ann, `game ${count}`, 100)
    first.leave()
    expect(() => demand.enter(ann, 'game 6', 100)).toThrow(refusal)
    second.leave()
    demand.enter(ann, 'game 6', 100)
    expect(() => demand.enter(ann, 'game 7', 100)).toThrow(refusal)
  })

  test('are let go on when each becomes another one, and are counted as that', () => {
    const demand = open()
    const places = [1, 2, 3, 4, 5].map((game) => demand.enter(ann, `game ${game}`, 100))
    places.forEach((place, index) => place.moveTo(`new game ${index + 1}`))
    demand.enter(ann, 'new game 1', 100)
    expect(() => demand.enter(ann, 'game 1', 100)).toThrow(refusal)
    places[4]?.leave()
    demand.enter(ann, 'game 1', 100)
  })

  test('may be one alone that costs more', () => {
    const demand = open()
    demand.enter(ann, 'game 1', 5_000)
    expect(() => demand.enter(ann, 'game 2', 0)).toThrow(refusal)
  })
})
