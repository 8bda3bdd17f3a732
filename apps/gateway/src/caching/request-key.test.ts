import { describe, expect, test } from '@jest/globals'
import { anonymous, type Principal, servicePrincipal } from '@courtside/auth'
import { principals } from '@courtside/testing'
import fc from 'fast-check'
import { operationIn } from './fixtures/operations.ts'
import { audienceOf, EVERYBODY, requestKey, variableNamesOf } from './request-key.ts'

const HASH = 'a'.repeat(64)
const keyOf = (variables: Record<string, unknown>, audience = EVERYBODY, names = ['a', 'b']) =>
  requestKey(`${HASH}:0`, names, variables, audience)

describe('the key of a request', () => {
  test('does not depend on the order of names, in variables or in objects inside of them', () => {
    const one = keyOf({ a: { x: 1, y: [{ p: 1, q: 2 }] }, b: 2 })
    expect(keyOf({ b: 2, a: { y: [{ q: 2, p: 1 }], x: 1 } })).toBe(one)
  })

  test('does not depend on variables that the operation does not have', () => {
    expect(keyOf({ a: 1, other: 'anything' })).toBe(keyOf({ a: 1 }))
  })

  test('tells what was left out from null, for a default stands in for one of them', () => {
    expect(keyOf({ a: null })).not.toBe(keyOf({}))
    expect(keyOf({ b: 1 })).not.toBe(keyOf({ a: 1 }))
  })

  test.each([
    ['text and number', { a: '1' }, { a: 1 }],
    ['text and null', { a: 'null' }, { a: null }],
    ['lists and text', { a: '[1,2]' }, { a: [1, 2] }],
    ['the order of a list', { a: [1, 2] }, { a: [2, 1] }],
    ['one list and two', { a: [1, 2] }, { a: [[1, 2]] }],
    ['a value in one variable and in the other', { a: '1', b: '' }, { a: '', b: '1' }],
    ['a separator and the end of a variable', { a: '1","b":"2' }, { a: '1', b: '2' }],
    ['a bracket and the end of all variables', { a: `x"]${EVERYBODY}` }, { a: 'x' }],
    ['quotes and escapes', { a: '\\"' }, { a: '"' }],
    ['control characters', { a: '\u0000' }, { a: '\\u0000' }],
    ['an object with __proto__ and one without', JSON.parse('{"a":{"__proto__":{"x":1}}}'), { a: {} }],
    ['an object named constructor', { a: { constructor: 1 } }, { a: {} }],
  ])('tells %s', (_, one: Record<string, unknown>, other: Record<string, unknown>) => {
    expect(keyOf(one)).not.toBe(keyOf(other))
  })

  test('finds variables that are named like what every object has', () => {
    const names = ['__proto__', 'constructor']
    const given = JSON.parse('{"__proto__":1,"constructor":2}') as Record<string, unknown>
    expect(keyOf(given, EVERYBODY, names)).not.toBe(keyOf({}, EVERYBODY, names))
    expect(keyOf({}, EVERYBODY, names)).toBe(`${HASH}:0[,,]${EVERYBODY}`)
  })

  test('is equal exactly when the JSON of the variables is, whatever they are', () => {
    // Few values, so that pairs are often equal or nearly so.
    const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom<unknown>(null, 'null', 1, '1', '', '"', '[1]', ',', '{}'),
        fc.array(tie('value'), { maxLength: 2 }),
        fc.record({ x: tie('value'), y: tie('value') }, { requiredKeys: [] }),
      ),
    }))
    const anyVariables = fc.record({ a: anyValue, b: anyValue }, { requiredKeys: [] })
    const sorted = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(sorted)
      if (typeof value !== 'object' || value === null) return value
      const members = Object.entries(value)
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([name, inner]) => [name, sorted(inner)])
      return { members }
    }
    const text = (variables: unknown) => JSON.stringify(sorted(variables))
    fc.assert(
      fc.property(anyVariables, anyVariables, (one, other) => {
        expect(keyOf(one) === keyOf(other)).toBe(text(one) === text(other))
      }),
      { numRuns: 5_000 },
    )
  })

  test('knows the variables of an operation', () => {
    const { operation } = operationIn('query ($id: ID!, $first: Int = 3) { a(id: $id, first: $first) }')
    expect(variableNamesOf(operation)).toEqual(['id', 'first'])
  })
})

describe('an audience', () => {
  const audience = (
    principal: Principal,
    address: string | null = '192.0.2.1',
    agent: string | null = 'agent',
  ) => audienceOf(principal, address, agent)
  const person = principals.user('viewer')

  test('is the same for one caller, asked twice and with an equal principal', () => {
    expect(audience({ ...person })).toBe(audience(person))
  })

  test.each<[string, string]>([
    ['everybody', EVERYBODY],
    ['nobody in particular', audience(anonymous)],
    ['another person', audience(principals.user('viewer'))],
    ['the same person with another role', audience({ ...person, roles: ['admin'] })],
    ['the same person with other scopes', audience({ ...person, scopes: [...person.scopes, 'read:audit'] })],
    ['the same person in another session', audience({ ...person, sessionId: 'another' })],
    [
      'a partner with an id of the same text',
      audience({ ...person, userId: null, apiKeyId: person.userId, kind: 'partner' }),
    ],
    ['a service', audience(servicePrincipal('gateway', []))],
    ['the same person at another address', audience(person, '192.0.2.2')],
    ['the same person at no known address', audience(person, null)],
    ['an address that is called null', audience(person, 'null')],
    ['the same person with another agent', audience(person, '192.0.2.1', 'other')],
    ['an agent that imitates the end of an address', audience(person, '192', '.0.2.1""agent')],
  ])('is not that of %s', (_, other) => {
    expect(other).not.toBe(audience(person))
  })

  test('cannot be imitated by variables', () => {
    const mine = audience(person)
    expect(keyOf({ a: 1, b: `]${mine}` }, audience(anonymous))).not.toContain(`]${mine}`)
  })
})
