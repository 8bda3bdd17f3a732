import { describe, expect, test } from '@jest/globals'
import { type FragmentDefinitionNode, Kind, parse } from 'graphql'
import { schema } from './fixtures/archive-schema.ts'
import { compileWriter, type ResponseWriter } from './index.ts'
import { toWriterSource } from './writer-source.ts'

function read(text: string) {
  const definitions = parse(text).definitions
  const operation = definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION)
  if (!operation) throw new Error('There is an operation.')
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  return { operation, fragments }
}

function compile(text: string): ResponseWriter | null {
  const { operation, fragments } = read(text)
  return compileWriter(schema, operation, fragments)
}

/** Each fragment holds the next one twice. */
function doubling(levels: number, body: (next: string, level: number) => string): string {
  const fragments = Array.from({ length: levels }, (_, level) => {
    const next = level === levels - 1 ? 'id' : body(`...F${level + 1}`, level)
    return `fragment F${level} on Person { ${next} }`
  })
  return fragments.join('\n')
}

describe('The size of what is made', () => {
  test('does not grow with the ways through fragments that lead to the same', () => {
    const text = `{ node { ...F0 } } ${doubling(40, (next) => `team { owner { ${next} } } x: team { owner { ${next} } }`)}`
    const { operation, fragments } = read(text)
    expect(toWriterSource(schema, operation, fragments).text.length).toBeLessThan(40_000)
  })

  test('is bounded where fragments unfold under ever other conditions', () => {
    const levels = 16
    const variables = Array.from({ length: levels }, (_, level) => `$v${level}: Boolean!`)
    const text = doubling(levels, (next, level) => `${next} @include(if: $v${level}) ... { ${next} }`)
    expect(compile(`query (${variables.join()}) { node { ...F0 } } ${text}`)).toBeNull()
    const small = doubling(4, (next, level) => `${next} @include(if: $v${level}) ... { ${next} }`)
    expect(compile(`query (${variables.join()}) { node { ...F0 } } ${small}`)).not.toBeNull()
  })

  test('is bounded where an operation is very long', () => {
    const fields = (count: number) =>
      Array.from({ length: count }, (_, index) => `a_rather_long_name_for_a_field_${index}: name`).join(' ')
    expect(compile(`{ named { ${fields(100)} } }`)).not.toBeNull()
    expect(compile(`{ named { ${fields(3000)} } }`)).toBeNull()
  })

  test('lets thirty variables be asked in conditions', () => {
    const withVariables = (count: number) => {
      const names = Array.from({ length: count }, (_, index) => `v${index}`)
      const fields = names.map((name) => `${name}: count @include(if: $${name})`)
      return compile(`query (${names.map((name) => `$${name}: Boolean!`).join()}) { ${fields.join(' ')} }`)
    }
    const all = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`v${index}`, index === 29]))
    expect(withVariables(30)?.({ v29: 5 }, all)).toBe('{"v29":5}')
    expect(withVariables(31)).toBeNull()
  })
})

describe('What a writer does not write', () => {
  test('leaves a condition without a boolean to the careful way', () => {
    const write = compile('query ($x: Boolean = true) { count @include(if: $x) }')
    expect(write?.({ count: 1 }, {})).toBe('{"count":1}')
    expect(write?.({ count: 1 }, { x: false })).toBe('{}')
    expect(write?.({ count: 1 }, { x: null })).toBeNull()
    expect(write?.({ count: 1 }, { x: undefined })).toBeNull()
    expect(write?.({ count: 1 }, { x: 'true' })).toBeNull()
  })

  test('does not take a default for given that only every object has', () => {
    const write = compile('query ($toString: Boolean = false) { count @skip(if: $toString) }')
    expect(write?.({ count: 1 }, {})).toBe('{"count":1}')
  })

  test('leaves a type that the schema hides to the careful way', () => {
    const write = compile('{ node { id } }')
    expect(write?.({ node: { __typename: 'Team', id: '1' } }, {})).toBe('{"node":{"id":"1"}}')
    expect(write?.({ node: { __typename: 'Hidden', id: '1' } }, {})).toBeNull()
  })

  test('throws nothing, whatever the data is', () => {
    const write = compile('{ game { facts tags } node { id } }')
    const circle: Record<string, unknown> = { __typename: 'Game', tags: ['a'] }
    circle['facts'] = circle
    const trap = new Proxy({}, { get: () => Symbol.iterator })
    const thrower = Object.defineProperty({}, 'id', {
      get: () => {
        throw new Error('No one shall know.')
      },
    })
    for (const game of [circle, trap, 1n, Symbol('x'), 'text', [], () => ({}), { facts: 1n }])
      expect(write?.({ game, node: null }, {})).toBeNull()
    expect(write?.({ game: null, node: thrower }, {})).toBeNull()
  })
})
