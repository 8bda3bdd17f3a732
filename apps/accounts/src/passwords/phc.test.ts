import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { formatPhc, parsePhc } from './phc.ts'

const cost = { memoryKib: 65_536, passes: 3, lanes: 4 }

describe('the PHC string of a hash', () => {
  test('is what other implementations of argon2 read', () => {
    const salt = Buffer.from('somesaltsomesalt')
    const tag = Buffer.alloc(32, 7)
    expect(formatPhc({ cost, salt, tag })).toBe(
      '$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc',
    )
  })

  test('reads back as what was written', () => {
    const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map(Buffer.from)
    fc.assert(
      fc.property(bytes(16), bytes(32), fc.integer({ min: 8, max: 1 << 22 }), (salt, tag, memoryKib) => {
        const hash = { cost: { memoryKib, passes: 2, lanes: 1 }, salt, tag }
        expect(parsePhc(formatPhc(hash))).toEqual(hash)
      }),
    )
  })

  test.each([
    '',
    'plain text',
    '$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW',
    '$argon2i$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc',
    '$argon2id$v=16$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc',
    '$argon2id$v=19$m=999999999,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc',
    '$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$',
  ])('%j is none', (text) => {
    expect(parsePhc(text)).toBeNull()
  })
})
