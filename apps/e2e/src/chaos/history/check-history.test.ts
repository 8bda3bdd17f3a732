import { describe, expect, test } from '@jest/globals'
import { checkHistory, type Delivery, type Outcome, type RunHistory, type Write } from './index.ts'

const GAME = 'game:1'
const fact = (mark: string | null): Delivery => ({ kind: 'fact', mark })
const snapshot = (mark: string | null, gap = false): Delivery => ({ kind: 'snapshot', mark, gap })
const logged = (...marks: string[]) => marks.map((mark, index) => ({ stream: GAME, seq: index + 1, mark }))

/** One after the other, each answered before the next began. */
const written = (...marks: string[]): Write[] =>
  marks.map((mark, index) => write(mark, { begunAt: index * 10, endedAt: index * 10 + 5 }))
const write = (mark: string, changes: Partial<Write> = {}): Write => ({
  mark,
  stream: GAME,
  outcome: 'ok',
  begunAt: 0,
  endedAt: 5,
  ...changes,
})
const reader = (...deliveries: Delivery[]) => ({ name: 'ann', stream: GAME, deliveries })

const good: RunHistory = {
  log: logged('a', 'b', 'c'),
  writes: written('a', 'b', 'c'),
  readers: [reader(snapshot('a'), fact('b'), fact('c'))],
  losses: [],
}
const rulesOf = (changes: Partial<RunHistory>) =>
  checkHistory({ ...good, ...changes }).map(({ rule }) => rule)

describe('a run is faultless', () => {
  test('when each acknowledged write is there once and each reader was given all of them', () => {
    expect(checkHistory(good)).toEqual([])
  })

  test('when a reader begins with nothing, or with all', () => {
    expect(rulesOf({ readers: [reader(snapshot(null), fact('a'), fact('b'), fact('c'))] })).toEqual([])
    expect(rulesOf({ readers: [reader(snapshot('c'))] })).toEqual([])
  })

  test.each<[Outcome, string[]]>([
    ['unknown', ['a', 'b', 'c']],
    ['unknown', ['a', 'b', 'c', 'd']],
    ['failed', ['a', 'b', 'c']],
  ])('when a write that is %s left %j', (outcome, marks) => {
    const writes = [...good.writes, write('d', { outcome, begunAt: 90, endedAt: 95 })]
    const readers = [reader(...marks.map((mark, index) => (index === 0 ? snapshot(mark) : fact(mark))))]
    expect(rulesOf({ log: logged(...marks), writes, readers })).toEqual([])
  })

  test('when writes at the same time came in either order', () => {
    const writes = [
      write('a', { endedAt: 50 }),
      write('b', { begunAt: 10 }),
      write('c', { begunAt: 90, endedAt: 95 }),
    ]
    expect(
      rulesOf({ writes, log: logged('b', 'a', 'c'), readers: [reader(snapshot('a'), fact('c'))] }),
    ).toEqual([])
  })

  test('when a restore took the end away and the reader was told so', () => {
    const run: RunHistory = {
      log: logged('a', 'd'),
      writes: written('a', 'b', 'c', 'd'),
      readers: [reader(snapshot('a'), fact('b'), fact('c'), snapshot('a', true), fact('d'))],
      losses: [{ from: 8, until: 26 }],
    }
    expect(checkHistory(run)).toEqual([])
  })
})

describe('a log is at fault', () => {
  test('that has lost an acknowledged write', () => {
    expect(rulesOf({ log: logged('a', 'b'), readers: [] })).toEqual(['acknowledged write is missing'])
  })

  test('that has lost one which no restore explains', () => {
    const losses = [{ from: 100, until: 200 }]
    expect(rulesOf({ log: logged('a', 'b'), readers: [], losses })).toEqual(['acknowledged write is missing'])
  })

  test('that has a write twice', () => {
    expect(rulesOf({ log: logged('a', 'b', 'c', 'c'), readers: [] })).toContain('write took effect twice')
    const unknown = [...written('a', 'b'), write('c', { outcome: 'unknown', begunAt: 20, endedAt: 25 })]
    expect(rulesOf({ log: logged('a', 'b', 'c', 'c'), writes: unknown, readers: [] })).toEqual([
      'write took effect twice',
    ])
  })

  test('that has what was refused', () => {
    const writes = [...written('a', 'b'), write('c', { outcome: 'failed', begunAt: 20, endedAt: 25 })]
    expect(rulesOf({ writes })).toEqual(['refused write took effect'])
  })

  test('that has what nobody wrote', () => {
    expect(rulesOf({ writes: written('a', 'b') })).toEqual(['fact of no write'])
  })

  test('that has a write in another stream than its writer was told', () => {
    const writes = [...written('a', 'b'), write('c', { stream: 'game:2', begunAt: 20, endedAt: 25 })]
    expect(rulesOf({ writes })).toEqual(['write in the wrong stream'])
  })

  test('that leaves a number out, or has one twice', () => {
    const log = good.log.map((one) => (one.mark === 'c' ? { ...one, seq: 4 } : one))
    expect(rulesOf({ log, readers: [] })).toEqual(['stream is not dense'])
    const double = good.log.map((one) => (one.mark === 'c' ? { ...one, seq: 2 } : one))
    expect(rulesOf({ log: double, readers: [] })).toEqual(['stream is not dense'])
  })

  test('that has a later write before one that had been answered', () => {
    expect(rulesOf({ log: logged('b', 'a', 'c'), readers: [] })).toEqual([
      'later write stands before an earlier one',
    ])
  })
})

describe('a reader is at fault', () => {
  test.each<[string, Delivery[]]>([
    ['reader began without a snapshot', [fact('a'), fact('b'), fact('c')]],
    ['reader was given a fact twice', [snapshot('a'), fact('b'), fact('b'), fact('c')]],
    ['reader was given a fact twice', [snapshot('b'), fact('b'), fact('c')]],
    ['reader missed facts', [snapshot('a'), fact('c')]],
    ['reader missed facts', [snapshot('a'), snapshot('c')]],
    ['reader was given facts out of order', [snapshot('b'), fact('c'), fact('a')]],
    ['reader was given what is not in the log', [snapshot('a'), fact('b'), fact('x'), fact('c')]],
    ['reader was told of a gap that is none', [snapshot('a'), fact('b'), snapshot('c', true)]],
    ['reader did not reach the end', [snapshot('a'), fact('b')]],
    ['reader did not reach the end', []],
  ])('when %s: %j', (rule, deliveries) => {
    expect(rulesOf({ readers: [reader(...deliveries)] })).toEqual([rule])
  })

  test('when facts come in another order than they were logged', () => {
    expect(rulesOf({ readers: [reader(snapshot('a'), fact('c'), fact('b'))] })).toEqual([
      'reader missed facts',
      'reader was given facts out of order',
    ])
  })

  test('when it was not told that a restore took back what it had seen', () => {
    const run: RunHistory = {
      log: logged('a', 'd'),
      writes: written('a', 'b', 'c', 'd'),
      readers: [reader(snapshot('a'), fact('b'), fact('d'))],
      losses: [{ from: 8, until: 26 }],
    }
    expect(checkHistory(run).map(({ rule }) => rule)).toEqual(['reader was given what is not in the log'])
    const toldTooEarly = reader(snapshot('a'), snapshot('a', true), fact('b'), fact('d'))
    expect(checkHistory({ ...run, readers: [toldTooEarly] }).map(({ rule }) => rule)).toEqual([
      'reader was given what is not in the log',
    ])
  })
})
