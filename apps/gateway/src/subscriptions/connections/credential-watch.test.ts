import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createTestClock } from '@courtside/testing'
import { createScriptedAuthentication, person } from '../../fixtures/websocket/scripted-authentication.ts'
import { createTestTimers } from '../../fixtures/websocket/test-timers.ts'
import type { CredentialHolder } from './credential-holder.ts'
import { createCredentialWatch } from './credential-watch.ts'

function open() {
  const clock = createTestClock(new Date('2026-11-20T12:00:00Z'))
  const timers = createTestTimers()
  const authentication = createScriptedAuthentication()
  const watch = createCredentialWatch({ authentication, clock, timers, random: () => 0.5 })
  return {
    clock,
    timers,
    authentication,
    watch,
    at: (seconds: number) => clock.now().getTime() + seconds * 1000,
    /** Both clocks, and then whatever was asked has been answered. */
    async pass(seconds: number) {
      for (let second = 0; second < seconds; second += 1) {
        clock.advance(1_000)
        timers.advance(1_000)
        await setImmediate()
      }
    },
    async hold(token?: string) {
      const headers = { authorization: token && `Bearer ${token}`, 'x-api-key': undefined }
      const holder = await watch.hold({ headers, clientAddress: '192.0.2.1', requestId: 'r' })
      return { holder, ...listenTo(holder) }
    },
    changed: (userId: string) => watch.accessChanged({ userId, sessionId: null, apiKeyId: null }),
  }
}

function listenTo(holder: CredentialHolder) {
  const ends: string[] = []
  const changes: unknown[] = []
  const expiring: number[] = []
  holder.onEnd(({ code, message }) => ends.push(`${code}: ${message}`))
  const off = holder.onChange(({ principal }) => changes.push(principal.roles))
  holder.onExpiring((seconds) => expiring.push(seconds))
  return { ends, changes, expiring, off }
}

let opened: ReturnType<typeof open>
beforeEach(() => {
  opened = open()
})
afterEach(() => opened.watch.stop())

const token = (text: string) => ({ authorization: `Bearer ${text}`, 'x-api-key': undefined })

describe('a token that expires', () => {
  test('is announced at its end, and ends the connection thirty seconds later', async () => {
    const { authentication, at, hold, pass } = opened
    authentication.signIn('t', 'ada', at(100))
    const { ends, expiring } = await hold('t')
    await pass(99)
    expect(expiring).toEqual([])
    await pass(1)
    expect(expiring).toEqual([30])
    await pass(29)
    expect(ends).toEqual([])
    await pass(1)
    expect(ends).toEqual(['UNAUTHENTICATED: The token has expired. Connect again with a newer one.'])
    expect(expiring).toHaveLength(1)
  })

  test('can be renewed in the grace, and then counts until the new end', async () => {
    const { authentication, at, hold, pass } = opened
    authentication.signIn('t', 'ada', at(100))
    authentication.signIn('newer', 'ada', at(1_000))
    const { holder, ends, changes, expiring } = await hold('t')
    await pass(120)
    await holder.renew(token('newer'))
    await pass(800)
    expect(ends).toEqual([])
    expect(changes).toEqual([])
    await pass(80)
    expect(expiring).toEqual([30, 30])
  })

  test('renewed with another one at once ends with whichever was sent last', async () => {
    const { authentication, at, hold, pass } = opened
    authentication.signIn('t', 'ada', at(100))
    authentication.signIn('short', 'ada', at(200))
    authentication.signIn('long', 'ada', at(1_000))
    const { holder, expiring } = await hold('t')
    const { promise: later, resolve: letFinish } = Promise.withResolvers<void>()
    const { examine } = authentication
    authentication.examine = async (request) => {
      if (request.headers.authorization === 'Bearer short') await later
      return examine(request)
    }
    const short = holder.renew(token('short'))
    await holder.renew(token('long'))
    letFinish()
    await short
    await pass(300)
    expect(expiring).toEqual([])
  })

  test.each([
    ['another person', 'bobs', /FORBIDDEN/],
    ['nobody', undefined, /FORBIDDEN/],
    ['a bad token', 'nonsense', /UNAUTHENTICATED/],
  ])('cannot be renewed by %s; the former one goes on', async (_, other, code) => {
    const { authentication, at, hold, pass } = opened
    authentication.signIn('t', 'ada', at(100))
    authentication.signIn('bobs', 'bob', at(1_000))
    const { holder, ends, expiring } = await hold('t')
    const headers = other === undefined ? { authorization: undefined, 'x-api-key': undefined } : token(other)
    await expect(holder.renew(headers)).rejects.toThrow(
      expect.objectContaining({ code: expect.stringMatching(code) }),
    )
    expect(holder.authenticated.principal.userId).toBe('ada')
    await pass(100)
    expect(expiring).toEqual([30])
    expect(ends).toEqual([])
  })
})

describe('a credential that is held', () => {
  test('is checked about once a minute, once for all who brought it', async () => {
    const { authentication, hold, pass } = opened
    authentication.signIn('t', 'ada')
    const holders = await Promise.all([hold('t'), hold('t'), hold('t')])
    await pass(59)
    expect(authentication.askedAgain).toEqual([])
    await pass(2)
    expect(authentication.askedAgain).toEqual(['ada'])
    await pass(61)
    expect(authentication.askedAgain).toEqual(['ada', 'ada'])
    for (const { holder } of holders) holder.release()
    await pass(200)
    expect(authentication.askedAgain).toHaveLength(2)
    expect(opened.watch.held).toBe(0)
  })

  test('of nobody is never checked', async () => {
    const { authentication, hold, pass } = opened
    const { ends } = await hold()
    opened.watch.allUnknown()
    await pass(400)
    expect(authentication.askedAgain).toEqual([])
    expect(ends).toEqual([])
  })

  test('that was revoked ends all its connections within a second of the word of it', async () => {
    const { authentication, hold, pass, changed } = opened
    authentication.signIn('t', 'ada')
    authentication.signIn('u', 'bob')
    const [one, two, other] = await Promise.all([hold('t'), hold('t'), hold('u')])
    authentication.people.delete('ada')
    changed('ada')
    await pass(1)
    for (const { ends } of [one, two]) {
      expect(ends).toEqual(['UNAUTHENTICATED: This session has ended. Sign in again.'])
    }
    expect(other.ends).toEqual([])
    expect(authentication.askedAgain).toEqual(['ada'])
  })

  test('is told of other roles, each listener until it has enough', async () => {
    const { authentication, hold, pass, changed } = opened
    authentication.signIn('t', 'ada')
    const { holder, changes, off } = await hold('t')
    authentication.people.set('ada', person('ada', ['admin']))
    changed('ada')
    await pass(1)
    expect(changes).toEqual([['admin']])
    expect(holder.authenticated.principal.roles).toEqual(['admin'])
    off()
    authentication.people.set('ada', person('ada', ['viewer']))
    changed('ada')
    await pass(1)
    expect(changes).toHaveLength(1)
    expect(holder.authenticated.principal.roles).toEqual(['viewer'])
  })

  test('is not told when nothing is different for it', async () => {
    const { authentication, hold, pass, changed } = opened
    authentication.signIn('t', 'ada')
    const { changes } = await hold('t')
    authentication.people.set('ada', person('ada'))
    changed('ada')
    await pass(1)
    expect(authentication.askedAgain).toEqual(['ada'])
    expect(changes).toEqual([])
  })

  test('that belongs to somebody else all of a sudden ends', async () => {
    const { authentication, hold, pass, changed } = opened
    authentication.signIn('t', 'ada')
    const { ends } = await hold('t')
    authentication.people.set('ada', person('eve'))
    changed('ada')
    await pass(1)
    expect(ends).toHaveLength(1)
  })

  test('is asked once more when it changed while it was being asked', async () => {
    const { authentication, hold, pass, changed } = opened
    authentication.signIn('t', 'ada')
    const { ends } = await hold('t')
    const letAnswer = authentication.hold()
    changed('ada')
    await pass(1)
    authentication.people.delete('ada')
    changed('ada')
    await pass(1)
    expect(authentication.askedAgain).toEqual(['ada'])
    letAnswer()
    await pass(1)
    expect(authentication.askedAgain).toEqual(['ada', 'ada'])
    expect(ends).toHaveLength(1)
  })

  test('is checked at once when it changed shortly before: the sign-in may have seen what was before', async () => {
    const { authentication, hold, pass, changed } = opened
    authentication.signIn('t', 'ada')
    authentication.people.delete('ada')
    changed('ada')
    await pass(1)
    const { ends } = await hold('t')
    await pass(1)
    expect(ends).toHaveLength(1)
  })

  test('is checked when anybody may have changed', async () => {
    const { authentication, hold, pass } = opened
    authentication.signIn('t', 'ada')
    authentication.signIn('u', 'bob')
    const [, bobs] = await Promise.all([hold('t'), hold('u')])
    authentication.people.delete('bob')
    opened.watch.allUnknown()
    await pass(2)
    expect(authentication.askedAgain.toSorted()).toEqual(['ada', 'bob'])
    expect(bobs.ends).toHaveLength(1)
  })

  test('that is released hears of nothing more', async () => {
    const { authentication, hold, pass, changed } = opened
    authentication.signIn('t', 'ada')
    const [gone, stays] = await Promise.all([hold('t'), hold('t')])
    gone.holder.release()
    gone.holder.release()
    authentication.people.delete('ada')
    changed('ada')
    await pass(1)
    expect(gone.ends).toEqual([])
    expect(stays.ends).toHaveLength(1)
  })
})

describe('while accounts does not answer', () => {
  test('connections go on for five minutes, and not longer', async () => {
    const { authentication, hold, pass } = opened
    authentication.signIn('t', 'ada')
    const { ends } = await hold('t')
    authentication.isDown = true
    await pass(299)
    expect(ends).toEqual([])
    await pass(2)
    expect(ends).toEqual([
      'UNAVAILABLE: Your sign-in could not be checked for five minutes. Connect again shortly.',
    ])
  })

  test('it is asked again and again, later each time, and what it says then counts', async () => {
    const { authentication, hold, pass, changed } = opened
    authentication.signIn('t', 'ada')
    const { ends } = await hold('t')
    authentication.isDown = true
    authentication.people.delete('ada')
    changed('ada')
    await pass(60)
    expect(authentication.askedAgain.length).toBeGreaterThan(3)
    expect(authentication.askedAgain.length).toBeLessThan(8)
    expect(ends).toEqual([])
    authentication.isDown = false
    await pass(61)
    expect(ends).toEqual(['UNAUTHENTICATED: This session has ended. Sign in again.'])
  })

  test('one is asked a second, and not all of them, and all as soon as it is back', async () => {
    const { authentication, hold, pass } = opened
    const people = Array.from({ length: 100 }, (_, n) => `person-${n}`)
    for (const userId of people) authentication.signIn(userId, userId)
    await Promise.all(people.map((userId) => hold(userId)))
    authentication.isDown = true
    opened.watch.allUnknown()
    await pass(31)
    const asked = authentication.askedAgain.length
    // Those that were on their way when it went away, and one for each second.
    expect(asked).toBeLessThanOrEqual(32 + 31)
    expect(asked).toBeGreaterThan(30)
    authentication.isDown = false
    authentication.askedAgain.length = 0
    await pass(4)
    expect(new Set(authentication.askedAgain).size).toBeGreaterThanOrEqual(people.length - 20)
  })

  test('whoever is confirmed again has another five minutes', async () => {
    const { authentication, hold, pass } = opened
    authentication.signIn('t', 'ada')
    const { ends } = await hold('t')
    authentication.isDown = true
    await pass(250)
    authentication.isDown = false
    await pass(70)
    authentication.isDown = true
    await pass(200)
    expect(ends).toEqual([])
  })
})
