import { describe, expect, test } from '@jest/globals'
import { type Principal, type Scope } from '@courtside/auth'
import { createTestClock, principals } from '@courtside/testing'
import type { CredentialLookup, Identified } from './identity-service.ts'
import { createPrincipalCache } from './principal-cache.ts'

const defaults = { requestsPerMinute: null, costPerMinute: null, allowedOperations: null }
const session = (userId: string): CredentialLookup => ({ session: { userId, sessionId: `s-${userId}` } })

/** Answers with what `known` holds at the time, as accounts would, each time with a new object. */
function createAccounts() {
  const known = new Map<string, Principal>()
  const asked: CredentialLookup[] = []
  let gate = Promise.resolve()
  return {
    known,
    asked,
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>()
      gate = promise
      return resolve
    },
    /** Those who ask from now on are answered at once. */
    letPass() {
      gate = Promise.resolve()
    },
    async resolve(lookup: CredentialLookup): Promise<Identified | null> {
      asked.push(lookup)
      const principal = known.get(JSON.stringify(lookup))
      await gate
      return principal ? { principal: structuredClone(principal), ...defaults } : null
    },
  }
}

function open() {
  const clock = createTestClock(new Date('2026-11-20T12:00:00Z'))
  const accounts = createAccounts()
  const cache = createPrincipalCache(accounts, clock)
  const signIn = (userId: string, ...scopes: Scope[]) => {
    accounts.known.set(JSON.stringify(session(userId)), { ...principals.userWithScopes(...scopes), userId })
  }
  return {
    clock,
    accounts,
    signIn,
    find: (userId: string) => cache.find(session(userId), 'request'),
    findAnew: (userId: string) => cache.findAnew(session(userId), 'request'),
  }
}

describe('the principal cache', () => {
  test('asks accounts once a second for a credential', async () => {
    const { clock, accounts, signIn, find } = open()
    signIn('ada')
    for (let n = 0; n < 10; n += 1) expect((await find('ada'))?.principal.userId).toBe('ada')
    clock.advance(999)
    await find('ada')
    expect(accounts.asked).toHaveLength(1)
    clock.advance(1)
    await find('ada')
    expect(accounts.asked).toHaveLength(2)
  })

  test('forgets a revoked credential within a second', async () => {
    const { clock, accounts, signIn, find } = open()
    signIn('ada')
    await find('ada')
    accounts.known.clear()
    clock.advance(1_000)
    expect(await find('ada')).toBeNull()
  })

  test('remembers a no as well, and asks again after a second', async () => {
    const { clock, accounts, signIn, find } = open()
    expect(await find('ada')).toBeNull()
    expect(await find('ada')).toBeNull()
    expect(accounts.asked).toHaveLength(1)
    signIn('ada')
    clock.advance(1_000)
    expect(await find('ada')).not.toBeNull()
  })

  test('asks once for requests that come together', async () => {
    const { accounts, signIn, find } = open()
    signIn('ada')
    const release = accounts.hold()
    const together = Promise.all([find('ada'), find('ada'), find('ada')])
    release()
    expect(new Set(await together).size).toBe(1)
    expect(accounts.asked).toHaveLength(1)
  })

  test('counts the second from the question: a slow answer is not fresh for longer', async () => {
    const { clock, accounts, signIn, find } = open()
    signIn('ada')
    const release = accounts.hold()
    const slow = find('ada')
    clock.advance(900)
    release()
    await slow
    clock.advance(100)
    await find('ada')
    expect(accounts.asked).toHaveLength(2)
  })

  test('keeps the object while what it says stays the same', async () => {
    const { clock, signIn, find } = open()
    signIn('ada', 'write:chat')
    const first = await find('ada')
    clock.advance(1_000)
    const second = await find('ada')
    expect(second).toBe(first)
    expect(second?.principal).toBe(first?.principal)
    signIn('ada', 'write:chat', 'write:games')
    clock.advance(1_000)
    expect((await find('ada'))?.principal.scopes).toEqual(['write:chat', 'write:games'])
  })

  test('holds nobody for somebody else', async () => {
    const { signIn, find } = open()
    signIn('ada')
    signIn('bob')
    const [ada, bob] = await Promise.all([find('ada'), find('bob')])
    expect([ada?.principal.userId, bob?.principal.userId]).toEqual(['ada', 'bob'])
  })

  test('asks again for who knows that something has changed', async () => {
    const { accounts, signIn, find, findAnew } = open()
    signIn('ada')
    await find('ada')
    accounts.known.clear()
    expect(await findAnew('ada')).toBeNull()
    expect(await find('ada')).toBeNull()
    expect(accounts.asked).toHaveLength(2)
  })

  test('does not take for new what was asked before the change, however late it is answered', async () => {
    const { accounts, signIn, find, findAnew } = open()
    signIn('ada')
    const release = accounts.hold()
    const before = find('ada')
    accounts.known.clear()
    accounts.letPass()
    expect(await findAnew('ada')).toBeNull()
    release()
    expect(await before).not.toBeNull()
    expect(await find('ada')).toBeNull()
  })

  test('does not remember that accounts was down', async () => {
    const clock = createTestClock(new Date())
    let down = true
    const answer = { principal: principals.user('viewer'), ...defaults }
    const cache = createPrincipalCache(
      { resolve: async () => (down ? Promise.reject(new Error('down')) : answer) },
      clock,
    )
    await expect(cache.find(session('ada'), 'r')).rejects.toThrow('down')
    down = false
    expect(await cache.find(session('ada'), 'r')).toBe(answer)
  })
})
