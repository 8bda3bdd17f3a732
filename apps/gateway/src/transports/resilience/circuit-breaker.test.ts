import { describe, expect, test } from '@jest/globals'
import { type BreakerState, CircuitBreaker, DEFAULT_BREAKER_POLICY, type Pass } from './circuit-breaker.ts'

const policy = { ...DEFAULT_BREAKER_POLICY, fewestAttempts: 4 }

function openBreaker() {
  const states: BreakerState[] = []
  const breaker = new CircuitBreaker(policy, (state) => states.push(state))
  const attempt = (outcome: 'succeeded' | 'failed', now: number, retryAfterMs?: number) => {
    const pass = breaker.enter(now)
    if (pass === null) throw new Error('The breaker gives no pass')
    if (outcome === 'failed') breaker.failed(pass, now, retryAfterMs)
    else breaker.succeeded(pass, now)
  }
  const fail = (times: number, now: number) => {
    for (let time = 0; time < times; time++) attempt('failed', now)
  }
  return { breaker, states, attempt, fail }
}

describe('a circuit breaker', () => {
  test('opens when half of enough attempts failed, and then lets nobody through', () => {
    const { breaker, states, attempt, fail } = openBreaker()
    attempt('succeeded', 0)
    attempt('succeeded', 0)
    fail(1, 0)
    expect(breaker.state).toEqual({ kind: 'closed' })
    fail(1, 0)
    expect(states).toEqual([{ kind: 'open', until: 1_000 }])
    expect(breaker.enter(999)).toBeNull()
    expect(breaker.blockedMs(400)).toBe(600)
  })

  test('stays closed on a few failures, however bad their rate', () => {
    const { breaker, fail } = openBreaker()
    fail(3, 0)
    expect(breaker.state.kind).toBe('closed')
  })

  test('forgets what happened before its window', () => {
    const { breaker, fail } = openBreaker()
    fail(3, 0)
    fail(3, 10_001)
    expect(breaker.state.kind).toBe('closed')
    fail(1, 19_000)
    expect(breaker.state.kind).toBe('open')
  })

  test('forgets everything after a long silence', () => {
    const { breaker, fail } = openBreaker()
    fail(3, 5_000)
    fail(1, 1_000_000)
    expect(breaker.state.kind).toBe('closed')
  })

  test('lets one probe through when its time is over, and closes when that is answered', () => {
    const { breaker, states, attempt, fail } = openBreaker()
    fail(4, 0)
    expect(breaker.enter(1_000)).toBe('probe')
    expect(breaker.enter(1_000)).toBeNull()
    expect(breaker.blockedMs(5_000)).toBeGreaterThan(0)
    breaker.succeeded('probe', 1_100)
    expect(states.map(({ kind }) => kind)).toEqual(['open', 'half-open', 'closed'])
    // The failures before it opened are forgotten: one more does not open it again.
    attempt('failed', 1_200)
    expect(breaker.state.kind).toBe('closed')
  })

  test('stays open twice as long after each probe that failed, up to a limit', () => {
    const { breaker, states, attempt, fail } = openBreaker()
    fail(4, 0)
    let now = 0
    for (let probe = 0; probe < 6; probe++) {
      now += breaker.blockedMs(now)
      attempt('failed', now)
    }
    const opened = states.filter((state) => state.kind === 'open').map(({ until }) => until)
    expect(opened).toEqual([1_000, 3_000, 7_000, 15_000, 31_000, 61_000, 91_000])
  })

  test('begins with a short time again once it was closed', () => {
    const { breaker, attempt, fail } = openBreaker()
    fail(4, 0)
    attempt('failed', 1_000)
    attempt('succeeded', 3_000)
    fail(4, 3_000)
    expect(breaker.blockedMs(3_000)).toBe(1_000)
  })

  test('stays open for as long as the subgraph asked, within reason', () => {
    const { breaker, attempt, fail } = openBreaker()
    fail(3, 0)
    attempt('failed', 0, 5_000)
    expect(breaker.blockedMs(0)).toBe(5_000)
    attempt('failed', 5_000, 86_400_000)
    expect(breaker.blockedMs(5_000)).toBe(30_000)
  })

  test('is not moved by answers to what was sent before it opened', () => {
    const { breaker, fail } = openBreaker()
    const early = breaker.enter(0) as Pass
    const other = breaker.enter(0) as Pass
    fail(4, 0)
    breaker.succeeded(early, 10)
    expect(breaker.blockedMs(10)).toBe(990)
    breaker.enter(1_000)
    breaker.failed(other, 1_000)
    expect(breaker.state.kind).toBe('half-open')
  })

  test('sends another probe when nobody waited for the first', () => {
    const { breaker, fail } = openBreaker()
    fail(4, 0)
    const probe = breaker.enter(1_000) as Pass
    breaker.abandoned(probe, 1_010)
    expect(breaker.enter(1_010)).toBe('probe')
  })

  test('learns nothing from attempts that were abandoned', () => {
    const { breaker, fail } = openBreaker()
    fail(3, 0)
    for (let time = 0; time < 10; time++) breaker.abandoned('ordinary', 0)
    expect(breaker.state.kind).toBe('closed')
  })
})
