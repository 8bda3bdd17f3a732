import { describe, expect, test } from '@jest/globals'
import * as z from 'zod'
import { emailAddress, httpUrl, optional, parseInput, text, uuid } from './index.ts'

const person = z.object({ name: text(2, 10), email: emailAddress(), site: optional(httpUrl()), id: uuid() })
const good = { name: ' Ana ', email: 'Ana@Example.org', id: '0190a0b0-0000-7000-8000-000000000001' }

describe('checking input', () => {
  test('tidies what is right', () => {
    expect(parseInput(person, good)).toEqual({ ...good, name: 'Ana', email: 'ana@example.org' })
  })

  test('keeps absent and null apart', () => {
    expect(parseInput(person, { ...good, site: null })).toHaveProperty('site', null)
    expect(parseInput(person, good)).not.toHaveProperty('site')
  })

  test('names every fault at once, with its path', () => {
    const faulty = () =>
      parseInput(person, { name: 'x', email: 'nobody', site: 'javascript:alert(1)', id: '7' })
    expect(faulty).toThrow(/name: must have 2 to 10 characters; email: .*; site: .*; id: /)
    expect(faulty).toThrow(expect.objectContaining({ kind: 'invalid', code: 'BAD_USER_INPUT' }))
  })

  test.each([
    ['a NUL', 'An\u0000a'],
    ['an escape sequence', 'An\u001b[31ma'],
    ['half a surrogate pair', 'An\ud800a'],
  ])('refuses %s in a text', (_case, name) => {
    expect(() => parseInput(person, { ...good, name })).toThrow(/name: must not contain control characters/)
  })

  test.each([
    'http://user:pass@example.org',
    'ftp://example.org',
    '//example.org',
    `https://e.org/${'x'.repeat(500)}`,
  ])('refuses %s as an address', (site) => {
    expect(() => parseInput(person, { ...good, site })).toThrow(/site: must be an http or https address/)
  })
})
