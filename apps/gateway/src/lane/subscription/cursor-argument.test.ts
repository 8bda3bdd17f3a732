import { describe, expect, test } from '@jest/globals'
import { buildSchema, parse, print, validate } from 'graphql'
import { toStreamDocument } from './cursor-argument.ts'

const schema = buildSchema(`
  scalar Cursor
  type Query { now(after: Cursor): Int }
  type Subscription {
    moved(id: ID!, after: Cursor): Move
    since(from: Cursor): Move
    bound(after: Cursor!): Move
    state(id: ID!, after: String): Move
  }
  type Move { by: Int at: Cursor again(after: Cursor, id: ID): Move }
`)

function streamOf(text: string, name: string | null = null) {
  const document = parse(text, { noLocation: true })
  expect(validate(schema, document)).toEqual([])
  const stream = toStreamDocument(schema, document, name)
  expect(validate(schema, stream.document)).toEqual([])
  return { ...stream, text: print(stream.document).replaceAll(/\s+/g, ' ') }
}

describe('a field that takes a cursor', () => {
  test.each([
    ['left out', 'subscription { moved(id: 1) { by } }'],
    ['null', 'subscription { moved(id: 1, after: null) { by } }'],
    ['a text', 'subscription { moved(id: 1, after: "c7") { by } }'],
    ['a variable', 'subscription ($from: Cursor) { moved(after: $from, id: 1) { by } }'],
    [
      'a variable with a default',
      'subscription ($from: Cursor! = "c7") { moved(id: 1, after: $from) { by } }',
    ],
  ])('reads the same to subgraphs when the cursor of the client is %s', (_, text) => {
    expect(streamOf(text).text).toBe(
      'subscription ($courtside_after: Cursor) { moved(id: 1, after: $courtside_after) { by } }',
    )
  })

  test('may call it otherwise', () => {
    const { text, cursor } = streamOf('subscription { s: since(from: "c1") { by } }')
    expect(text).toBe('subscription ($courtside_after: Cursor) { s: since(from: $courtside_after) { by } }')
    expect(cursor?.startOf({})).toBe('c1')
  })

  test('is found in each fragment that selects it, and below it nothing is touched', () => {
    const { text } = streamOf(`
      subscription ($c: Cursor) { ...F ... { moved(id: 1, after: $c) { by } } moved(id: 1, after: $c) { at } }
      fragment F on Subscription { moved(id: 1, after: $c) { ...M } }
      fragment M on Move { again(after: "mine") { by } }`)
    expect(text).toBe(
      'subscription ($courtside_after: Cursor) { ...F ... { moved(id: 1, after: $courtside_after) { by } } ' +
        'moved(id: 1, after: $courtside_after) { at } } ' +
        'fragment F on Subscription { moved(id: 1, after: $courtside_after) { ...M } } ' +
        'fragment M on Move { again(after: "mine") { by } }',
    )
  })

  test('leaves a variable that is used elsewhere, and those that are not its own', () => {
    const { text, cursor } = streamOf(
      'subscription ($c: Cursor, $id: ID!) { moved(id: $id, after: $c) { again(after: $c) { by } } }',
    )
    expect(text).toBe(
      'subscription ($c: Cursor, $id: ID!, $courtside_after: Cursor) ' +
        '{ moved(id: $id, after: $courtside_after) { again(after: $c) { by } } }',
    )
    expect(cursor?.startOf({ c: 'c3' })).toBe('c3')
  })

  test('takes another name where the client has taken ours', () => {
    const { text, cursor } = streamOf(
      'subscription ($courtside_after: ID!, $courtside_after_: Cursor) { moved(id: $courtside_after, after: $courtside_after_) { by } }',
    )
    expect(cursor?.variable).toBe('courtside_after__')
    expect(text).toBe(
      'subscription ($courtside_after: ID!, $courtside_after__: Cursor) ' +
        '{ moved(id: $courtside_after, after: $courtside_after__) { by } }',
    )
  })

  test('is sought in the operation that is meant, and the others go', () => {
    const { text } = streamOf(
      `query A($c: Cursor) { now(after: $c) ...Q } fragment Q on Query { __typename }
       subscription B { moved(id: 1) { by } }`,
      'B',
    )
    expect(text).toBe(
      'subscription B($courtside_after: Cursor) { moved(id: 1, after: $courtside_after) { by } }',
    )
  })
})

describe('where a client begins', () => {
  const startOf = (operation: string, variables: Record<string, unknown> = {}) =>
    streamOf(operation).cursor?.startOf(variables)
  const BY_VARIABLE = 'subscription ($c: Cursor) { moved(id: 1, after: $c) { by } }'
  const BY_DEFAULT = 'subscription ($c: Cursor = "d") { moved(id: 1, after: $c) { by } }'

  test.each<[string, Record<string, unknown>, string | null]>([
    ['subscription { moved(id: 1) { by } }', { after: 'x', courtside_after: 'x' }, null],
    ['subscription { moved(id: 1, after: null) { by } }', {}, null],
    ['subscription { moved(id: 1, after: "c7") { by } }', { after: 'x', courtside_after: 'x' }, 'c7'],
    ['subscription { moved(id: 1, after: """c7""") { by } }', {}, 'c7'],
    [BY_VARIABLE, { c: 'c8' }, 'c8'],
    [BY_VARIABLE, { c: null }, null],
    [BY_VARIABLE, {}, null],
    [BY_DEFAULT, { c: 'c8' }, 'c8'],
    [BY_DEFAULT, { c: null }, null],
    [BY_DEFAULT, {}, 'd'],
    ['subscription ($toString: Cursor) { moved(id: 1, after: $toString) { by } }', {}, null],
  ])('in %s with %j is %j', (operation, variables, start) => {
    expect(startOf(operation, variables)).toBe(start)
  })

  test.each<[string, Record<string, unknown>]>([
    ['subscription { since(from: 5) { by } }', {}],
    ['subscription { since(from: ["c"]) { by } }', {}],
    ['subscription ($c: Cursor) { since(from: $c) { by } }', { c: { in: 'c' } }],
  ])('is refused where it is no text: %s with %j', (operation, variables) => {
    expect(() => startOf(operation, variables)).toThrow(
      expect.objectContaining({
        code: 'BAD_USER_INPUT',
        message: expect.stringMatching(/^from must be a cursor/),
      }),
    )
  })
})

describe('a field without a place to begin', () => {
  test.each([
    'subscription { state(id: 1, after: "x") { by } }',
    'subscription { bound(after: "x") { by } }',
    'subscription ($c: Cursor) { state(id: 1) { again(after: $c) { by } } }',
  ])('stays as it is: %s', (text) => {
    const stream = streamOf(text)
    expect(stream.cursor).toBeNull()
    expect(stream.text).toBe(print(parse(text)).replaceAll(/\s+/g, ' '))
  })
})
