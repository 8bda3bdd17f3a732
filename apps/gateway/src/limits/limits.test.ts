import { describe, expect, test } from '@jest/globals'
import { isDomainError } from '@courtside/kernel'
import { parse } from 'graphql'
import {
  assertCleanDocument,
  assertCleanLiterals,
  assertCleanVariables,
  assertNesting,
  assertShape,
  assertTokens,
  DEFAULT_LIMITS,
  type Limits,
  LONGEST_NAME,
  measureDocument,
  measureRawDocument,
  type Shape,
} from './index.ts'

const limits: Limits = { ...DEFAULT_LIMITS, tokens: { anonymous: 20, known: 40 } }

function shapeOf(text: string): Shape {
  const [shape] = measureDocument(parse(text)).values()
  if (!shape) throw new Error('no operation')
  return shape
}

function codeOf(work: () => void): string | null {
  try {
    work()
    return null
  } catch (error) {
    if (isDomainError(error)) return error.code
    throw error
  }
}

describe('a document before it is parsed', () => {
  test.each<[string, number, number, number]>([
    ['{ a }', 3, 1, 0],
    ['{ a(b: [{ c: 1 }]) { d } }', 17, 4, 1],
    ['# a comment is no token\n{ a, b }', 4, 1, 0],
    ['{ a(text: "{{{{") }', 8, 2, 0],
    ['{ a(b: [[1], [{ c: [2] }]]) }', 21, 6, 3],
    ['', 0, 0, 0],
  ])('%j has %i tokens, %i levels, %i of lists', (text, tokens, nesting, lists) => {
    expect(measureRawDocument(text, 100)).toEqual({ tokens, nesting, lists })
  })

  test('is not recursed into: 20,000 levels are counted', () => {
    const bomb = `${'{a'.repeat(20_000)}${'}'.repeat(20_000)}`
    const measure = measureRawDocument(bomb, 100_000)
    expect(codeOf(() => assertNesting(measure, limits))).toBe('NESTING_LIMIT_EXCEEDED')
  })

  test('is read no further than it may be long', () => {
    expect(measureRawDocument('{{{{{{ "unfinished', 5)).toEqual({ tokens: 6, nesting: 5, lists: 0 })
  })

  test('may not hold long names, which answers and logs repeat', () => {
    const named = (length: number) => `query ${'N'.repeat(length)} { ${'a'.repeat(length)}: f }`
    expect(codeOf(() => measureRawDocument(named(LONGEST_NAME), 100))).toBeNull()
    expect(() => measureRawDocument(named(LONGEST_NAME + 1), 100)).toThrow(
      expect.objectContaining({
        code: 'NAME_LENGTH_LIMIT_EXCEEDED',
        details: { limit: LONGEST_NAME, actual: LONGEST_NAME + 1 },
      }),
    )
    expect(codeOf(() => measureRawDocument(`{ f(text: "${'a'.repeat(LONGEST_NAME + 1)}") }`, 100))).toBeNull()
  })

  test('may be longer from people we know', () => {
    expect(codeOf(() => assertTokens(20, false, limits))).toBeNull()
    expect(codeOf(() => assertTokens(21, false, limits))).toBe('TOKEN_LIMIT_EXCEEDED')
    expect(codeOf(() => assertTokens(40, true, limits))).toBeNull()
    expect(codeOf(() => assertTokens(41, true, limits))).toBe('TOKEN_LIMIT_EXCEEDED')
  })

  test('is told the limit, what it has, and what to do', () => {
    expect(() => assertTokens(21, false, limits)).toThrow(
      'The operation has more than 20 tokens; the limit is 20. Ask for less in one request, or sign in: then more is allowed.',
    )
  })
})

describe('the shape of an operation', () => {
  test('counts what is written', () => {
    expect(
      shapeOf('query Q($v: Int @d) @a { one: a { b @b { c } } d { two: e } ... on Query @c { f } }'),
    ).toEqual({ depth: 3, introspectionDepth: 0, aliases: 2, rootFields: 3, directives: 4, selections: 7 })
  })

  test('counts a fragment wherever it is spread', () => {
    const text = `{ a { ...F } b { ...F } } fragment F on T @d { x: y ...G } fragment G on T { z { w @d } }`
    expect(shapeOf(text)).toEqual({
      depth: 3,
      introspectionDepth: 0,
      aliases: 2,
      rootFields: 2,
      directives: 4,
      selections: 12,
    })
  })

  test('counts root fields through fragments', () => {
    expect(shapeOf('{ a ...F } fragment F on Query { b c ... { d } }').rootFields).toBe(4)
  })

  test('measures the schema apart from the rest', () => {
    const shape = shapeOf('{ __schema { types { ...T } } a { b } } fragment T on __Type { ofType { name } }')
    expect(shape).toMatchObject({ depth: 2, introspectionDepth: 4 })
  })

  test('is found at once for fragments that double forty times over', () => {
    const doubling = Array.from({ length: 40 }, (_, n) => `fragment F${n} on T { ...F${n + 1} ...F${n + 1} }`)
    const text = `{ ...F0 } ${doubling.join('\n')} fragment F40 on T { x: y }`
    const started = performance.now()
    expect(shapeOf(text).aliases).toBe(2 ** 40)
    expect(performance.now() - started).toBeLessThan(250)
  })

  test.each([
    '{ ...A } fragment A on Query { ...A }',
    '{ ...A } fragment A on Query { b { ...B } } fragment B on T { c { ...A } }',
    '{ a } fragment A on Query { ...B } fragment B on Query { ...C } fragment C on Query { ...B }',
  ])('cannot be found for a circle: %s', (text) => {
    expect(codeOf(() => measureDocument(parse(text)))).toBe('FRAGMENT_CYCLE')
  })

  test('leaves unknown fragments to validation', () => {
    expect(shapeOf('{ a ...Nowhere }')).toMatchObject({ depth: 1, selections: 2 })
  })
})

const levels = (count: number) => `${'{ a '.repeat(count)}${'}'.repeat(count)}`
const introspected = (count: number) => `{ __schema ${levels(count - 1)} }`
const many = (count: number, text: (n: number) => string) =>
  `{ ${Array.from({ length: count }, (_, n) => text(n)).join(' ')} }`
const inside = (set: string) => `{ a ${set} }`

describe.each<[keyof Shape, string, (count: number) => string]>([
  ['depth', 'DEPTH_LIMIT_EXCEEDED', levels],
  ['introspectionDepth', 'DEPTH_LIMIT_EXCEEDED', introspected],
  ['rootFields', 'ROOT_FIELD_LIMIT_EXCEEDED', (count) => many(count, (n) => `f${n}`)],
  ['aliases', 'ALIAS_LIMIT_EXCEEDED', (count) => inside(many(count, (n) => `x${n}: f`))],
  [
    'directives',
    'DIRECTIVE_LIMIT_EXCEEDED',
    (count) => inside(many(count, (n) => `f${n} @include(if: true)`)),
  ],
  ['selections', 'SELECTION_LIMIT_EXCEEDED', (count) => inside(many(count - 1, (n) => `f${n}`))],
])('the limit on %s', (measure, code, documentWith) => {
  const limit = DEFAULT_LIMITS[measure]

  test(`allows ${limit}`, () => {
    expect(codeOf(() => assertShape(shapeOf(documentWith(limit)), DEFAULT_LIMITS))).toBeNull()
  })

  test(`refuses ${limit + 1}, naming both`, () => {
    try {
      assertShape(shapeOf(documentWith(limit + 1)), DEFAULT_LIMITS)
      throw new Error('not refused')
    } catch (error) {
      expect(error).toMatchObject({ kind: 'invalid', code, details: { limit, actual: limit + 1 } })
    }
  })
})

describe('text that nothing behind us can hold', () => {
  const half = '\ud83c'

  test.each([
    ['a document with NUL', () => assertCleanDocument('{ a }\0')],
    ['a document with half a pair', () => assertCleanDocument(`{ a(b: "${half}") }`)],
    ['an escaped NUL in a literal', () => assertCleanLiterals(parse('{ a(b: [{ c: "x\\u0000" }]) }'))],
    ['NUL in a block string', () => assertCleanLiterals(parse('{ a(b: """x""", c: "\\u0000") }'))],
    ['NUL in a variable', () => assertCleanVariables({ a: [{ b: 'x\0' }] }, limits)],
    ['half a pair in a variable', () => assertCleanVariables({ a: half }, limits)],
    ['NUL in a name', () => assertCleanVariables({ a: { 'b\0': 1 } }, limits)],
  ])('%s is refused', (_, work) => {
    expect(codeOf(work)).toBe('BAD_USER_INPUT')
  })

  test('whole pairs and every other sign pass', () => {
    expect(codeOf(() => assertCleanVariables({ a: '🏐 \u0001 \u202e \uffff' }, limits))).toBeNull()
    expect(codeOf(() => assertCleanDocument('{ a(b: "🏐") }'))).toBeNull()
  })

  test('variables may not nest without end', () => {
    const nested = (depth: number) => JSON.parse(`{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`)
    expect(codeOf(() => assertCleanVariables(nested(limits.variablesDepth), limits))).toBeNull()
    const refused = 'VARIABLES_DEPTH_LIMIT_EXCEEDED'
    expect(codeOf(() => assertCleanVariables(nested(limits.variablesDepth + 1), limits))).toBe(refused)
    expect(codeOf(() => assertCleanVariables(nested(100_000), limits))).toBe(refused)
  })

  test('variables may not hold values without end', () => {
    const limit = limits.variableValues
    const fields = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, 1]))
    // The list itself is a value, and so is the object.
    const holding = (count: number) => ({ list: Array(count - 502).fill(1), object: fields(500) })
    expect(codeOf(() => assertCleanVariables(holding(limit), limits))).toBeNull()
    expect(() => assertCleanVariables(holding(limit + 1), limits)).toThrow(
      expect.objectContaining({
        code: 'VARIABLE_VALUES_LIMIT_EXCEEDED',
        details: { limit, actual: limit + 1 },
      }),
    )
  })
})
