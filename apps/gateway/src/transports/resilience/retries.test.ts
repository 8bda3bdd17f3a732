import { describe, expect, test } from '@jest/globals'
import { TransportFailure, type TransportFailureKind } from '../subgraph-transport.ts'
import { RetryBudget, retryDelayMs } from './retries.ts'

const failed = (kind: TransportFailureKind, retryAfterSeconds: number | null = null) =>
  new TransportFailure(kind, 'no', { retryAfterSeconds })
const longest = () => 1

describe('a failed attempt', () => {
  test.each<[string, TransportFailureKind, boolean, boolean]>([
    ['was never sent', 'unsent', true, true],
    ['was lost on the way', 'lost', true, false],
    ['met a busy subgraph', 'busy', true, false],
    ['got a useless answer', 'useless', false, false],
    ['was no valid request', 'invalid', false, false],
  ])('that %s is repeated when nothing can be done twice', (_, kind, asQuery, asMutation) => {
    const isRepeated = (type: 'query' | 'mutation') =>
      retryDelayMs({ type, failure: failed(kind), retries: 0 }, longest) !== null
    expect([isRepeated('query'), isRepeated('mutation')]).toEqual([asQuery, asMutation])
  })

  test('is repeated twice, after a random part of a time that doubles', () => {
    const delayOf = (retries: number, random: () => number) =>
      retryDelayMs({ type: 'query', failure: failed('lost'), retries }, random)
    expect([0, 1, 2].map((retries) => delayOf(retries, longest))).toEqual([50, 100, null])
    expect(delayOf(1, () => 0.25)).toBe(25)
    expect(delayOf(1, () => 0)).toBe(0)
  })

  test('waits as long as the subgraph asked, and is not repeated when that is long', () => {
    const delayOf = (seconds: number) =>
      retryDelayMs({ type: 'query', failure: failed('busy', seconds), retries: 0 }, longest)
    expect([0, 1, 2].map(delayOf)).toEqual([50, 1_050, null])
  })
})

describe('the budget of repeats', () => {
  test('has a few at once, and then one for ten calls', () => {
    const budget = new RetryBudget()
    const taken = () => {
      let count = 0
      while (budget.take()) count++
      return count
    }
    expect(taken()).toBe(10)
    for (let call = 0; call < 25; call++) budget.called()
    expect(taken()).toBe(2)
    for (let call = 0; call < 10_000; call++) budget.called()
    expect(taken()).toBe(10)
  })
})
