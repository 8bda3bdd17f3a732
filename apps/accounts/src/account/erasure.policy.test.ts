import { describe, expect, test } from '@jest/globals'
import { completionOf, erasedEmail, isConfirmedBy } from './erasure.policy.ts'

const at = (second: number) => new Date(Date.UTC(2026, 10, 20, 12, 0, second))
const owners = ['accounts', 'media', 'live']

describe('ACC-21: when an erasure is complete', () => {
  test.each([
    ['no receipt', [], null],
    ['one missing', ['accounts', 'live'], null],
    ['one given twice, one missing', ['accounts', 'accounts', 'media'], null],
    ['all of them', ['live', 'accounts', 'media'], at(3)],
    ['all of them and one nobody waits for', ['live', 'accounts', 'media', 'stats'], at(4)],
  ])('%s', (_, subgraphs, expected) => {
    const receipts = subgraphs.map((subgraph, place) => ({ subgraph, completedAt: at(place + 1) }))
    expect(completionOf(receipts, owners)).toEqual(expected)
  })

  test('the last receipt counts, in whatever order they come', () => {
    const receipts = [3, 1, 2].map((second, place) => ({ subgraph: owners[place]!, completedAt: at(second) }))
    expect(completionOf(receipts, owners)).toEqual(at(3))
  })
})

describe('ACC-21: meaning it', () => {
  test.each([
    ['Ann.Lee', 'Ann.Lee', true],
    ['Ann.Lee', ' ann.lee ', true],
    ['Ann.Lee', 'ann lee', false],
    ['Ann.Lee', '', false],
    ['Ann.Lee', 'Ann.Lee2', false],
  ])('the account %s is confirmed by "%s": %s', (username, typed, confirmed) => {
    expect(isConfirmedBy(username, typed)).toBe(confirmed)
  })
})

test('an erased account keeps an address that reaches nobody', () => {
  expect(erasedEmail('0190')).toBe('0190@erased.invalid')
})
