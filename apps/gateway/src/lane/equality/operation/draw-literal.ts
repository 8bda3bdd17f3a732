import {
  type ConstValueNode,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLScalarType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  type ValueNode,
} from 'graphql'
import type { Chance } from './chance.ts'
import { toName, toVariable } from './nodes.ts'

/** The name of a variable that fits a place of this type, or null for a literal. */
export type DrawVariable = (type: GraphQLInputType) => string | null

const DEEPEST = 3

const STRINGS = ['', 'text', '"\\ \u2028\u2029', 'line\nbreak', 'é😀', '__proto__', 'constructor', '7']
const INTS = ['0', '1', '-1', '42', '2147483647', '-2147483648']
const FLOATS = ['0', '0.5', '-1e21', '1e-7', '3']

/** A value that a place of this type takes. */
export function drawLiteral(
  type: GraphQLInputType,
  chance: Chance,
  drawVariable: DrawVariable,
  depth = 0,
): ValueNode {
  const variable = depth > 0 || chance.percent(60) ? drawVariable(type) : null
  if (variable !== null) return toVariable(variable)
  if (isNonNullType(type)) return drawNonNull(type.ofType, chance, drawVariable, depth)
  if (chance.percent(10)) return { kind: Kind.NULL }
  return drawNonNull(type, chance, drawVariable, depth)
}

/** A value without variables in it. */
export function drawConstant(type: GraphQLInputType, chance: Chance): ConstValueNode {
  return drawLiteral(type, chance, () => null) as ConstValueNode
}

function drawNonNull(
  type: GraphQLInputType,
  chance: Chance,
  drawVariable: DrawVariable,
  depth: number,
): ValueNode {
  if (isListType(type)) {
    // What is no list is read as a list of one.
    if (chance.percent(10)) return drawItem(type.ofType, chance, drawVariable, depth)
    const values = Array.from({ length: chance.below(3) }, () =>
      drawLiteral(type.ofType, chance, drawVariable, depth + 1),
    )
    return { kind: Kind.LIST, values }
  }
  if (isInputObjectType(type)) return drawObject(type, chance, drawVariable, depth)
  if (isEnumType(type)) return { kind: Kind.ENUM, value: chance.pick(type.getValues()).name }
  return drawScalar(type, chance)
}

/** A variable or null in its place would be the list itself. */
function drawItem(
  type: GraphQLInputType,
  chance: Chance,
  drawVariable: DrawVariable,
  depth: number,
): ValueNode {
  return drawNonNull(isNonNullType(type) ? type.ofType : type, chance, drawVariable, depth)
}

function drawObject(
  type: GraphQLInputObjectType,
  chance: Chance,
  drawVariable: DrawVariable,
  depth: number,
): ValueNode {
  const fields = Object.values(type.getFields())
  const drawn = type.isOneOf
    ? [chance.pick(fields)]
    : fields.filter((field) => {
        const isRequired = isNonNullType(field.type) && field.defaultValue === undefined
        return isRequired || (depth < DEEPEST && chance.percent(25))
      })
  return {
    kind: Kind.OBJECT,
    fields: drawn.map((field) => ({
      kind: Kind.OBJECT_FIELD,
      name: toName(field.name),
      value: type.isOneOf
        ? drawNonNull(field.type, chance, () => null, depth + 1)
        : drawLiteral(field.type, chance, chance.percent(30) ? drawVariable : () => null, depth + 1),
    })),
  }
}

function drawScalar({ name }: GraphQLScalarType, chance: Chance): ValueNode {
  switch (name) {
    case 'Int':
      return { kind: Kind.INT, value: chance.pick(INTS) }
    case 'Float':
      return { kind: Kind.FLOAT, value: chance.pick(FLOATS) }
    case 'Boolean':
      return { kind: Kind.BOOLEAN, value: chance.percent(50) }
    case 'ID':
      return chance.percent(70)
        ? { kind: Kind.STRING, value: chance.pick(STRINGS) }
        : { kind: Kind.INT, value: chance.pick(INTS) }
    case 'DateTime':
      return {
        kind: Kind.STRING,
        value: chance.pick(['2026-11-20T19:30:00Z', '2026-11-20T19:30:00.5+02:00']),
      }
    case 'Date':
      return { kind: Kind.STRING, value: chance.pick(['2026-11-20', '2024-02-29']) }
    case 'URL':
      return { kind: Kind.STRING, value: 'https://example.com/?a=%22' }
    case 'JSON':
      return chance.pick<ConstValueNode>([
        { kind: Kind.OBJECT, fields: [] },
        { kind: Kind.LIST, values: [{ kind: Kind.NULL }, { kind: Kind.INT, value: '5' }] },
        { kind: Kind.STRING, value: chance.pick(STRINGS) },
      ])
    case 'Cursor':
    case 'String':
      return { kind: Kind.STRING, value: chance.pick(STRINGS) }
    default:
      throw new Error(`Say in this file what a literal of the scalar ${name} is like`)
  }
}
