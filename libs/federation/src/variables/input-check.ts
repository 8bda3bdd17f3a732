import {
  GraphQLBoolean,
  type GraphQLEnumType,
  GraphQLFloat,
  GraphQLID,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLInt,
  type GraphQLScalarType,
  GraphQLString,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql'

/**
 * True only where `coerceInputValue` of graphql-js finds no fault. May be false for a value it takes (a `Set` for a
 * list): whoever asks then lets graphql-js decide.
 */
export type InputCheck = (value: unknown) => boolean

const SPECIFIED = new Map<GraphQLScalarType, InputCheck>([
  // `|0` also holds the number to 32 bits, as graphql-js does.
  [GraphQLInt, (value) => value === ((value as number) | 0)],
  [GraphQLFloat, Number.isFinite],
  [GraphQLString, (value) => typeof value === 'string'],
  [GraphQLBoolean, (value) => typeof value === 'boolean'],
  [GraphQLID, (value) => typeof value === 'string' || Number.isInteger(value)],
])

interface FieldCheck {
  readonly name: string
  readonly fitsAbsent: boolean
  readonly fits: InputCheck
}

/** Makes checks; each named type gets one, also where types hold each other. */
export function createInputChecks(): (type: GraphQLInputType) => InputCheck {
  const named = new Map<GraphQLInputType, InputCheck>()

  const checkOf = (type: GraphQLInputType): InputCheck => {
    const fits = checkPresent(type)
    if (isNonNullType(type)) return (value) => !isMissing(value) && fits(value)
    return (value) => isMissing(value) || fits(value)
  }

  const checkPresent = (type: GraphQLInputType): InputCheck => {
    if (isNonNullType(type)) return checkPresent(type.ofType)
    if (isListType(type)) return listCheck(checkOf(type.ofType))
    const known = named.get(type)
    if (known) return known
    if (isInputObjectType(type)) return objectCheck(type)
    const check = isEnumType(type) ? enumCheck(type) : scalarCheck(type)
    named.set(type, check)
    return check
  }

  const objectCheck = (type: GraphQLInputObjectType): InputCheck => {
    const fields: FieldCheck[] = []
    const names = new Set<string>()
    const check: InputCheck = (value) => fitsFields(value, fields, names, type.isOneOf)
    // Known before its fields are read: they may be of this very type.
    named.set(type, check)
    for (const { name, type: fieldType, defaultValue } of Object.values(type.getFields())) {
      const fitsAbsent = !isNonNullType(fieldType) || defaultValue !== undefined
      fields.push({ name, fitsAbsent, fits: checkOf(fieldType) })
      names.add(name)
    }
    return check
  }

  return checkOf
}

function fitsFields(
  value: unknown,
  fields: readonly FieldCheck[],
  names: ReadonlySet<string>,
  isOneOf: boolean,
): boolean {
  if (!isObject(value) || Array.isArray(value)) return false
  let present = 0
  for (const { name, fitsAbsent, fits } of fields) {
    // Not only its own properties: graphql-js also sees what the prototype has, such as `constructor`, and refuses it.
    const given = value[name]
    if (given === undefined) {
      if (!fitsAbsent) return false
    } else {
      if (!fits(given) || (isOneOf && given === null)) return false
      present += 1
    }
  }
  for (const name in value) if (!names.has(name)) return false
  return !isOneOf || present === 1
}

function listCheck(fitsItem: InputCheck): InputCheck {
  return (value) => {
    if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index += 1) if (!fitsItem(value[index])) return false
      return true
    }
    // One value counts as a list of one, but what can be iterated is a list to graphql-js.
    return !(isObject(value) && Symbol.iterator in value) && fitsItem(value)
  }
}

function enumCheck(type: GraphQLEnumType): InputCheck {
  const names = new Set(type.getValues().flatMap(({ name, value }) => (isMissing(value) ? [] : name)))
  return (value) => typeof value === 'string' && names.has(value)
}

/** `parseValue` is looked up anew each time: a schema may be taught its scalars later. It throws for a fault. */
function scalarCheck(type: GraphQLScalarType): InputCheck {
  return SPECIFIED.get(type) ?? ((value) => !isMissing(type.parseValue(value)))
}

function isObject(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null
}
