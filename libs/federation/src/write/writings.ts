import {
  type GraphQLAbstractType,
  type GraphQLCompositeType,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  specifiedScalarTypes,
} from 'graphql'
import { toTest } from './condition.ts'
import type { GeneratedFunctions } from './generated-functions.ts'
import { type Budget, collectOutputFields, type Entry, entryKey, type OutputField } from './output-fields.ts'
import { assertName } from './refusal.ts'
import { createTextCode, type TextCode, toLiteral } from './text-code.ts'

/** Makes code for the JSON text of a value that is not null; it stops where the value does not fit. */
export type Writing = (value: string) => string

/** Selections visited while fragments are followed for each type that they may meet. */
const MOST_VISITS = 20_000

const NO_OBJECT = "typeof o !== 'object' || o === null"

/** Gives the writing of composite values; all that it needs on the way is put among the functions. */
export function createWritings(
  schema: GraphQLSchema,
  functions: GeneratedFunctions,
): (type: GraphQLCompositeType, entries: readonly Entry[]) => Writing {
  const budget: Budget = { visits: MOST_VISITS }
  const known = new Map<string, string>()

  const writingOf = (type: GraphQLOutputType, entries: readonly Entry[]): Writing => {
    if (isNonNullType(type)) return writingOf(type.ofType, entries)
    if (isListType(type)) return listWriting(type.ofType, entries)
    if (isLeafType(type)) return leafWriting(type)
    return compositeWriting(type, entries)
  }

  const leafWriting = (type: GraphQLLeafType): Writing => {
    if (isEnumType(type)) return functions.defineNames(type.getValues().map(({ name }) => name))
    const specified = specifiedScalarTypes.some(({ name }) => name === type.name)
    const writer = specified ? type.name.toLowerCase() : 'scalar'
    return (value) => `${writer}(${value})`
  }

  const listWriting = (itemType: GraphQLOutputType, entries: readonly Entry[]): Writing => {
    const writeItem = writingOf(itemType, entries)('v')
    const item = isNonNullType(itemType) ? writeItem : `(v === null ? 'null' : ${writeItem})`
    const name = functions.define('list', 'a, f', [
      `if (!Array.isArray(a)) stop()`,
      `let s = '['`,
      `for (let i = 0; i < a.length; i++) {`,
      `  const v = a[i]`,
      `  if (i !== 0) s += ','`,
      `  s += ${item}`,
      `}`,
      `return s + ']'`,
    ])
    return (value) => `${name}(${value}, f)`
  }

  const compositeWriting = (type: GraphQLCompositeType, entries: readonly Entry[]): Writing => {
    const key = [type.name, ...entries.map(entryKey)].join()
    let name = known.get(key)
    if (name === undefined) {
      const lines = isObjectType(type) ? objectLines(type, entries) : abstractLines(type, entries)
      name = functions.define('object', 'o, f', lines)
      known.set(key, name)
    }
    return (value) => `${name}(${value}, f)`
  }

  const objectLines = (type: GraphQLObjectType, entries: readonly Entry[]): string[] => {
    const fields = fieldLines(type, entries)
    const untold = fieldLines(null, entries)
    const other = `o.__typename !== ${typeLiteral(type)}`
    if (fields.join() === untold.join())
      return [`if (${NO_OBJECT} || (o.__typename !== undefined && ${other})) stop()`, ...fields]
    const untoldName = functions.define('fields', 'o, f', untold)
    return [
      `if (${NO_OBJECT}) stop()`,
      `if (o.__typename === undefined) return ${untoldName}(o, f)`,
      `if (${other}) stop()`,
      ...fields,
    ]
  }

  const abstractLines = (type: GraphQLAbstractType, entries: readonly Entry[]): string[] => {
    const casesOf = new Map<string, string[]>()
    const addCase = (label: string, lines: string[]): void => {
      const name = functions.define('fields', 'o, f', lines)
      casesOf.set(name, [...(casesOf.get(name) ?? []), label])
    }
    for (const possible of schema.getPossibleTypes(type))
      addCase(`case ${typeLiteral(possible)}:`, fieldLines(possible, entries))
    addCase('case undefined:', fieldLines(null, entries))
    return [
      `if (${NO_OBJECT}) stop()`,
      `switch (o.__typename) {`,
      ...[...casesOf].map(([name, labels]) => `  ${labels.join(' ')} return ${name}(o, f)`),
      `  default: return stop()`,
      `}`,
    ]
  }

  const fieldLines = (type: GraphQLObjectType | null, entries: readonly Entry[]): string[] => {
    const text = createTextCode()
    let comma: 'no' | 'perhaps' | 'yes' = 'no'
    const add = (field: OutputField): void => {
      if (comma === 'yes') text.constant(',')
      if (comma === 'perhaps') text.expression(`(s === '{' ? '' : ',')`)
      text.constant(`"${field.responseName}":`)
      addValue(text, field, type)
    }
    text.constant('{')
    for (const field of collectOutputFields(schema, type, entries, budget)) {
      const test = placeTest(field)
      if (test) text.when(test, () => add(field))
      else add(field)
      if (field.when.mask === 0) comma = 'yes'
      else if (comma === 'no') comma = 'perhaps'
    }
    text.constant('}')
    return ['let v', ...text.end()]
  }

  const addValue = (text: TextCode, field: OutputField, type: GraphQLObjectType | null): void => {
    const { responseName, definition, parent, entries } = field
    if (!definition) return addTypename(text, responseName, type ?? parent)
    const value = `o.${responseName}`
    const writing = writingOf(definition.type, entries)
    const nullable = !isNonNullType(definition.type)
    text.expression(nullable ? `((v = ${value}) == null ? 'null' : ${writing('v')})` : writing(value))
  }

  /** Where `__typename` itself is absent, an alias of it may have come instead, and tells the type. */
  const addTypename = (text: TextCode, responseName: string, type: GraphQLCompositeType): void => {
    const value = `o.${responseName}`
    if (!isObjectType(type)) {
      const names = schema.getPossibleTypes(type).map(({ name }) => name)
      text.expression(functions.defineNames(names)(value))
      return
    }
    if (responseName !== '__typename')
      text.expression(`((v = ${value}) == null || v === ${typeLiteral(type)} ? '' : stop())`)
    text.constant(`"${assertName(type.name)}"`)
  }

  return compositeWriting
}

function typeLiteral(type: GraphQLObjectType): string {
  return toLiteral(assertName(type.name))
}

/** Empty where the place always has its key. */
function placeTest({ when, unless }: OutputField): string {
  const tests = unless.map((before) => `!(${toTest(before)})`)
  if (when.mask !== 0) tests.unshift(toTest(when))
  return tests.join(' && ')
}
