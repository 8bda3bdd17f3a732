import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { COMMON_PASSWORDS } from './common-passwords.ts'
import { normalisePassword, passwordFault } from './password.policy.ts'

const anna = { username: 'anna_setter', email: 'anna.lindqvist@example.com' }

describe('a password', () => {
  test('of 10 to 128 characters that nobody would guess is fine', () => {
    expect(passwordFault('rally23point', anna)).toBeNull()
    expect(passwordFault('z9'.repeat(2) + 'quiet libero' + 'x'.repeat(112), anna)).toBeNull()
  })

  test.each(['rally23po', 'rally23' + 'x'.repeat(122)])('of %s is too short or too long', (password) => {
    expect(passwordFault(password, anna)).toMatch(/10 to 128 characters/)
  })

  test('is counted in characters, not in bytes or halves of them', () => {
    expect(passwordFault('🏐🥅🏆🎽🙂🙃😉😊😋', anna)).toMatch(/10 to 128/)
    expect(passwordFault('🏐🥅🏆🎽🙂🙃😉😊😋😎', anna)).toBeNull()
  })

  test.each(['anna_setter', 'ANNA_SETTER', 'anna.lindqvist@example.com', 'Anna.Lindqvist'])(
    'must not be %s, the name or the address of the account',
    (password) => {
      expect(passwordFault(password, anna)).toMatch(/user name or the e-mail address/)
    },
  )

  test.each(['password123', 'Volleyball1', 'QWERTYUIOP', 'aaaaaaaaaaaa', 'abababababab', '12121313121'])(
    'must not be %s, which is guessed first',
    (password) => {
      expect(passwordFault(password, anna)).toMatch(/first that are guessed/)
    },
  )

  test('typed in full-width letters is the same and as easily guessed', () => {
    expect(normalisePassword('ｐａｓｓｗｏｒｄ123')).toBe('password123')
    expect(passwordFault('ｐａｓｓｗｏｒｄ123', anna)).toMatch(/first that are guessed/)
  })

  test('is either refused or as long as it must be, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200, unit: 'binary' }), (password) => {
        const length = [...password.normalize('NFKC')].length
        if (passwordFault(password, anna) === null) expect(length >= 10 && length <= 128).toBe(true)
      }),
    )
  })
})

test('the list of common passwords is in lower case, long enough to matter and small', () => {
  expect(COMMON_PASSWORDS.size).toBeGreaterThan(200)
  expect(COMMON_PASSWORDS.size).toBeLessThan(400)
  for (const password of COMMON_PASSWORDS) {
    expect(password).toBe(password.toLowerCase())
    expect(password.length).toBeGreaterThanOrEqual(10)
  }
})
