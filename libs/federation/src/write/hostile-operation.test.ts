import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { buildSchema, type OperationDefinitionNode, parse } from 'graphql'
import { compileWriter } from './index.ts'
import { toWriterSource } from './writer-source.ts'

const schema = buildSchema(`
  input Echo { text: String, list: [String!] }
  type Query { echo(text: String, in: Echo): String eval: String arguments: String __k: String self: Query }
`)

/** Legal names that mean something in JavaScript, or in the source that is made. */
const ODD_NAMES = [
  ...[
    'arguments',
    'eval',
    'await',
    'yield',
    'let',
    'function',
    'null',
    'undefined',
    'this',
    'return',
    'default',
  ],
  ...[
    'o',
    'f',
    's',
    'v',
    'a',
    'i',
    'stop',
    'names',
    'names0',
    'object0',
    'fields0',
    'string',
    'get',
    'length',
  ],
  ...[
    '__k',
    '__typename',
    '_',
    '__',
    'Function',
    'process',
    'globalThis',
    'require',
    'prototype',
    'toJSON',
    'then',
  ],
]
const HOSTILE_STRINGS = [
  "'",
  '"',
  '`',
  '*/',
  '//',
  '${stop()}',
  '\\',
  "');stop();('",
  '\u2028',
  '\u2029',
  '</script>',
]
const FIELDS = ['echo', 'eval', 'arguments', '__k']

const WORDS = new Set(
  `use strict function if typeof object null undefined return let const for i length s v o f a names get stop string
   id int float boolean scalar Array isArray switch case default`.split(/\s+/),
)
const GENERATED = /^(object|fields|list|names)\d+$/
const MARKS = /^[\s(){}[\]=!|&<>+?:;,.]$/

const hostileText = fc.oneof(
  fc.constantFrom(...HOSTILE_STRINGS),
  fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/\p{Surrogate}/gu, '')),
)
const selection = fc.record({
  alias: fc.constantFrom(...ODD_NAMES),
  field: fc.constantFrom(...FIELDS),
  text: hostileText,
  comment: hostileText.map((text) => text.replaceAll(/[\r\n]/g, ' ')),
  block: fc.boolean(),
})
const selections = fc.uniqueArray(selection, {
  selector: ({ alias }) => alias,
  minLength: 1,
  maxLength: 8,
})

type Selection = typeof selection extends fc.Arbitrary<infer Value> ? Value : never

function write(chosen: readonly Selection[]): string {
  const literal = ({ text, block }: Selection): string =>
    block ? `"""${text.replaceAll(/["\\]/g, '')} """` : JSON.stringify(text)
  const fields = chosen.map((one) => {
    const given = one.field === 'echo' ? `(text: ${literal(one)}, in: { list: [${literal(one)}] })` : ''
    return `${one.alias}: ${one.field}${given} @include(if: $on) # ${one.comment}\n`
  })
  const [first] = chosen
  const fallback = first ? literal(first) : '""'
  return `query Odd($on: Boolean!, $text: String = ${fallback}) { ${fields.join(' ')} self { ${fields.join(' ')} } }`
}

function operationOf(text: string): OperationDefinitionNode {
  const [operation] = parse(text).definitions
  return operation as OperationDefinitionNode
}

/** Every piece of the source that is neither ours nor a name of the schema or of a field. */
function strangersIn(source: string, known: ReadonlySet<string>): string[] {
  const pieces = source.match(/'[^'\n]*'|[A-Za-z_$][\w$]*|\d+|./gsu) ?? []
  return pieces.filter((piece, index) => {
    if (piece.startsWith("'")) return !(piece.slice(1, -1).match(/\w+|./gsu) ?? []).every(isPlain)
    if (/^\d+$/.test(piece)) return false
    if (!/^[\w$]+$/.test(piece)) return !MARKS.test(piece)
    return !(pieces[index - 1] === '.' && known.has(piece)) && !WORDS.has(piece) && !GENERATED.test(piece)
  })

  function isPlain(word: string): boolean {
    return known.has(word) || WORDS.has(word) || /^[{}[\]":,]$/.test(word)
  }
}

describe('An operation made to break out of the source', () => {
  const NONE = new Map()
  const legal = selections.filter((chosen) => chosen.every(({ alias }) => alias !== '__typename'))

  test('leaves nothing in it but names of fields, and is written like any other', () => {
    fc.assert(
      fc.property(legal, (chosen) => {
        const operation = operationOf(write(chosen))
        const known = new Set(['Query', 'self', '__typename', ...chosen.map(({ alias }) => alias)])
        expect(strangersIn(toWriterSource(schema, operation, NONE).text, known)).toEqual([])
        const values = Object.fromEntries(chosen.map(({ alias, text }) => [alias, text]))
        const data = { ...values, self: { ...values, self: null } }
        const text = compileWriter(schema, operation, NONE)?.(data, { on: true })
        expect(JSON.parse(text ?? 'null')).toEqual({ ...values, self: values })
      }),
      { numRuns: 300 },
    )
  })

  test('is recognised: the look at the source finds what does not belong there', () => {
    expect(strangersIn("return 'x' + o.id", new Set(['id']))).toEqual(["'x'"])
    expect(strangersIn('process.exit(`1`)', new Set(['exit']))).toEqual(['process', '`', '`'])
  })

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '__defineGetter__', 'valueOf'])(
    'is refused where it names a field %s, which every object has',
    (name) => {
      expect(compileWriter(schema, operationOf(`{ ${name}: eval }`), NONE)).toBeNull()
      expect(compileWriter(schema, operationOf(`{ self { ${name}: eval } }`), NONE)).toBeNull()
    },
  )

  test.each([
    ['asks for the schema', '{ self { eval } __schema { types { name } } }'],
    ['asks for a type', '{ __type(name: "Query") { name } }'],
    ['gives another field the name __typename', '{ __typename: eval }'],
    ['has a directive that is not known here', '{ eval @later }'],
    ['spreads itself', '{ ...Self }'],
    ['spreads what is not there', '{ ...Nothing }'],
    ['names a field that is not there', '{ nothing }'],
  ])('is refused where it %s', (_, text) => {
    const [fragment] = parse('fragment Self on Query { self { ...Self } }').definitions
    if (fragment?.kind !== 'FragmentDefinition') throw new Error('It is a fragment.')
    expect(compileWriter(schema, operationOf(text), new Map([['Self', fragment]]))).toBeNull()
  })

  test('is refused where a document made by hand holds names that the lexer never lets through', () => {
    const name = "eval'+process.exit()+'"
    const parsed = operationOf('{ eval }')
    const [field] = parsed.selectionSet.selections
    if (field?.kind !== 'Field') throw new Error('It is a field.')
    const forged = { ...field, alias: { ...field.name, value: name } }
    const operation = { ...parsed, selectionSet: { ...parsed.selectionSet, selections: [forged] } }
    expect(compileWriter(schema, operation, NONE)).toBeNull()
  })
})
