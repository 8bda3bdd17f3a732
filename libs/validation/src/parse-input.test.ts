import { describe, expect, jest, test } from '@jest/globals'
import * as z from 'zod'
import { emailAddress, httpUrl, invalidInput, optional, parseInput, text, uuid } from './index.ts'

const person = z.object({ name: text(2, 10), email: emailAddress(), site: optional(httpUrl()), id: uuid() })
const good = { name: ' Ana ', email: 'Ana@Example.org', id: '0190a0b0-0000-7000-8000-000000000001' }

describe('checking input', () => {
  test('refuses a text that is far too long before it does anything with it', () => {
    // Two kinds of accents in runs: as long as a body may be, normalising them would take minutes.
    const name = `a${'\u0301'.repeat(200)}${'\u0316'.repeat(200)}`
    const normalize = jest.spyOn(String.prototype, 'normalize')
    try {
      expect(() => parseInput(z.object({ name: text(2, 10) }), { name })).toThrow(
        /name: must have 2 to 10 characters/,
      )
      expect(normalize).not.toHaveBeenCalled()
    } finally {
      normalize.mockRestore()
    }
  })

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

  test('begins a sentence about the whole input with a capital', () => {
    const either = z.object({}).refine(() => false, 'give exactly one of both')
    expect(() => parseInput(either, {})).toThrow('The input is not valid. Give exactly one of both.')
  })

  test('tells a fault that shows only later like any other', () => {
    const faults = [{ path: ['endsOn'], message: 'must lie in the future' }]
    const refusal = invalidInput(faults)
    expect(refusal.message).toBe('The input is not valid. endsOn: must lie in the future.')
    expect(refusal).toMatchObject({ kind: 'invalid', code: 'BAD_USER_INPUT', details: { faults } })
  })

  const LATEST = new Date('2026-11-20T12:00:00Z')
  test.each([
    ['a number that is too small', z.int().min(1), 0, 'must be at least 1'],
    ['a number that is too large', z.int().max(9), 10, 'must be at most 9'],
    ['a number on an open bound', z.number().gt(1), 1, 'must be more than 1'],
    ['half a number', z.int(), 1.5, 'must be a whole number'],
    ['an odd number', z.int().multipleOf(2), 3, 'must be a multiple of 2'],
    ['a long text', z.string().max(2), 'abc', 'must have at most 2 characters'],
    ['a short list', z.array(z.string()).min(1), [], 'must have at least 1 entry'],
    ['a late moment', z.date().max(LATEST), new Date(8e12), 'must be at most 2026-11-20T12:00:00.000Z'],
    ['a word that is none of those known', z.enum(['A', 'B']), 'C', 'must be one of A, B'],
    ['what is no text', z.string(), 7, 'must be a text'],
    ['nothing', z.string(), undefined, 'is missing'],
    ['a field too many', z.strictObject({}), { a: 1 }, 'must not have a'],
    ['an unknown form', z.iso.date(), 'tomorrow', 'is not valid'],
  ])('says in our own words what is wrong with %s', (_case, schema, value, message) => {
    expect(() => parseInput(z.object({ value: schema }), { value })).toThrow(
      expect.objectContaining({ details: { faults: [{ path: ['value'], message }] } }),
    )
  })

  test.each([
    ['a NUL', 'An\u0000a'],
    ['an escape sequence', 'An\u001b[31ma'],
    ['half a surrogate pair', 'An\ud800a'],
    ['a mark that turns the text around', 'An\u202ea'],
    ['a space of no width', 'An\u200ba'],
  ])('refuses %s in a text', (_case, name) => {
    expect(() => parseInput(person, { ...good, name })).toThrow(
      /name: must not contain control or invisible characters/,
    )
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
