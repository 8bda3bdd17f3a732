import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { cursorScalar, dateScalar, dateTimeScalar, urlScalar } from './index.ts'

describe('DateTime', () => {
  test('reads a time with its zone and writes it in UTC with milliseconds', () => {
    expect(dateTimeScalar.parseValue('2026-11-20T19:30:00+01:00')).toEqual(new Date('2026-11-20T18:30:00Z'))
    expect(dateTimeScalar.serialize(new Date('2026-11-20T18:30:00Z'))).toBe('2026-11-20T18:30:00.000Z')
  })

  test.each([
    '2026-11-20',
    '2026-11-20T19:30:00',
    '19:30',
    'yesterday',
    '2026-13-01T00:00:00Z',
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+14:00',
    '9999-12-31T23:59:59-14:00',
    '',
    1763667000000,
    null,
  ])('refuses %p', (value) => {
    expect(() => dateTimeScalar.parseValue(value)).toThrow(/RFC 3339/)
  })

  test('gives back every moment that it wrote', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (date) => {
          expect(dateTimeScalar.parseValue(dateTimeScalar.serialize(date))).toEqual(date)
        },
      ),
    )
  })
})

describe('Date', () => {
  test.each(['0000-01-01', '2026-02-31', '2026-2-1', '2026-11-20T00:00:00Z', 20261120])(
    'refuses %p',
    (value) => {
      expect(() => dateScalar.parseValue(value)).toThrow(/calendar day/)
    },
  )

  test('takes a day as it is', () => {
    expect(dateScalar.parseValue('2028-02-29')).toBe('2028-02-29')
  })
})

describe('URL', () => {
  test.each([
    'javascript:alert(1)',
    'data:text/html,x',
    '/logo.png',
    'ftp://example.org/x',
    `https://e.org/${'x'.repeat(2_000)}`,
  ])('refuses %s', (value) => {
    expect(() => urlScalar.parseValue(value)).toThrow(/http or https address/)
  })

  test('takes an https address', () => {
    expect(urlScalar.parseValue('https://example.org/logo.png')).toBe('https://example.org/logo.png')
  })
})

describe('Cursor', () => {
  test('is any text, as it was given', () => {
    expect(cursorScalar.parseValue('AAEC')).toBe('AAEC')
  })

  test.each([1, true, {}, ['AAEC'], null])('refuses %p', (value) => {
    expect(() => cursorScalar.parseValue(value)).toThrow(/that an event gave/)
  })
})
