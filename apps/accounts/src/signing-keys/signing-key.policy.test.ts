import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type KeyTimes, nextStep, signingKeyAt, type Step } from './signing-key.policy.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const TOKEN_MS = 5 * MINUTE_MS
const start = new Date('2026-11-20T12:00:00Z')
const after = (milliseconds: number) => new Date(start.getTime() + milliseconds)

/** Does what the policy says, as the service does. */
function carryOut(keys: KeyTimes[], step: Step): void {
  if (step.kind === 'succeed') {
    const predecessor = keys.find(({ id }) => id === step.predecessor)
    if (predecessor) predecessor.verifiesUntil = step.predecessorVerifiesUntil
  }
  keys.push({ id: String(keys.length), signsFrom: step.signsFrom, verifiesUntil: step.verifiesUntil })
}

describe('signing keys', () => {
  test('begin with one that signs at once', () => {
    expect(nextStep([], start, TOKEN_MS)).toMatchObject({ kind: 'begin', signsFrom: start })
  })

  test('need nothing for 29 days', () => {
    const keys: KeyTimes[] = []
    carryOut(keys, nextStep(keys, start, TOKEN_MS)!)
    expect(nextStep(keys, after(29 * DAY_MS - 1), TOKEN_MS)).toBeNull()
  })

  test('announce the next a day before it signs, and let the old one verify until its tokens have ended', () => {
    const keys: KeyTimes[] = []
    carryOut(keys, nextStep(keys, start, TOKEN_MS)!)
    const step = nextStep(keys, after(29 * DAY_MS), TOKEN_MS)
    expect(step).toMatchObject({ kind: 'succeed', predecessor: '0', signsFrom: after(30 * DAY_MS) })
    carryOut(keys, step!)
    expect(nextStep(keys, after(29 * DAY_MS), TOKEN_MS)).toBeNull()
    expect(signingKeyAt(keys, after(30 * DAY_MS - 1))?.id).toBe('0')
    expect(signingKeyAt(keys, after(30 * DAY_MS))?.id).toBe('1')
    expect(keys[0]?.verifiesUntil).toEqual(after(30 * DAY_MS + TOKEN_MS + HOUR_MS))
  })

  test('are the same in whatever order they are read', () => {
    const keys: KeyTimes[] = []
    carryOut(keys, nextStep(keys, start, TOKEN_MS)!)
    carryOut(keys, nextStep(keys, after(29 * DAY_MS), TOKEN_MS)!)
    const now = after(30 * DAY_MS)
    for (const order of [keys, keys.toReversed()]) {
      expect(signingKeyAt(order, now)?.id).toBe('1')
      expect(nextStep(order, now, TOKEN_MS)).toBeNull()
    }
  })

  test('that were forgotten for a while still announce the next before it signs', () => {
    const keys: KeyTimes[] = []
    carryOut(keys, nextStep(keys, start, TOKEN_MS)!)
    const late = after(30 * DAY_MS + 12 * HOUR_MS)
    carryOut(keys, nextStep(keys, late, TOKEN_MS)!)
    expect(signingKeyAt(keys, late)?.id).toBe('0')
    expect(keys[1]?.signsFrom).toEqual(new Date(late.getTime() + DAY_MS))
  })

  test('begin anew after a standstill that no token outlived', () => {
    const keys: KeyTimes[] = []
    carryOut(keys, nextStep(keys, start, TOKEN_MS)!)
    const muchLater = after(40 * DAY_MS)
    expect(nextStep(keys, muchLater, TOKEN_MS)).toMatchObject({ kind: 'begin', signsFrom: muchLater })
  })

  test('never leave a token without the key that signed it, however the visits are spread', () => {
    const pauses = fc.array(fc.integer({ min: 1, max: 12 * DAY_MS }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(pauses, (visits) => {
        const keys: KeyTimes[] = []
        let now = start.getTime()
        for (const pause of visits) {
          const at = new Date(now)
          const step = nextStep(keys, at, TOKEN_MS)
          if (step) carryOut(keys, step)
          expect(nextStep(keys, at, TOKEN_MS)).toBeNull()
          const key = signingKeyAt(keys, at)
          expect(key && key.verifiesUntil.getTime() >= now + TOKEN_MS).toBe(true)
          now += pause
        }
      }),
    )
  })

  test('that are looked after every other day never sign unannounced, except the first', () => {
    const pauses = fc.array(fc.integer({ min: 1, max: 2 * DAY_MS }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(pauses, (visits) => {
        const keys: KeyTimes[] = []
        let now = start.getTime()
        for (const pause of visits) {
          const step = nextStep(keys, new Date(now), TOKEN_MS)
          if (step && keys.length > 0) expect(step.signsFrom.getTime() - now).toBeGreaterThanOrEqual(DAY_MS)
          if (step) carryOut(keys, step)
          now += pause
        }
      }),
    )
  })
})
