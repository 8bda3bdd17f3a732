import {
  GraphQLBoolean,
  type GraphQLInputType,
  GraphQLNonNull,
  isNonNullType,
  Kind,
  parseType,
  type VariableDefinitionNode,
  valueFromASTUntyped,
} from 'graphql'
import type { Chance } from './chance.ts'
import { drawConstant } from './draw-literal.ts'
import { toVariable } from './nodes.ts'

/** The variables of one operation, declared as they are needed. */
export interface DrawnVariables {
  readonly definitions: readonly VariableDefinitionNode[]
  readonly values: Readonly<Record<string, unknown>>
  /** A variable that fits a place of this type. */
  drawFor(type: GraphQLInputType): string
  /** A variable that decides a `@skip` or `@include`. */
  drawCondition(): string
}

/** Names that something between a client and a subgraph might take for its own. */
const ODD_NAMES = [
  '__proto__',
  'constructor',
  'representations',
  'toString',
  'hasOwnProperty',
  'representations1',
]

const CONDITION = new GraphQLNonNull(GraphQLBoolean)

const WRONG = ['wrong', { a: 1 }, [[]], true, -1.5, null]

export function createDrawnVariables(chance: Chance): DrawnVariables {
  const definitions: VariableDefinitionNode[] = []
  const values = new Map<string, unknown>()
  const byType = new Map<string, string[]>()
  const untaken = [...ODD_NAMES]

  const freshName = () => {
    const odd = chance.percent(4) ? untaken.splice(chance.below(untaken.length), 1)[0] : undefined
    return odd ?? `v${definitions.length}`
  }
  const declare = (wanted: GraphQLInputType): string => {
    const name = freshName()
    // With a default, a variable that may be null fits a place that must not be.
    const isLoose = isNonNullType(wanted) && chance.percent(20)
    const type = isLoose ? wanted.ofType : wanted
    const hasDefault = isLoose || chance.percent(20)
    definitions.push({
      kind: Kind.VARIABLE_DEFINITION,
      variable: toVariable(name),
      type: parseType(String(type)),
      ...(hasDefault && { defaultValue: drawConstant(wanted, chance) }),
    })
    const isOptional = hasDefault || !isNonNullType(type)
    // Null for what has a default is refused where it decides a condition, so it is seldom given.
    const given = isLoose && !chance.percent(10) ? wanted : type
    if (!(isOptional && chance.percent(25))) values.set(name, drawValue(given))
    return name
  }
  const drawValue = (type: GraphQLInputType): unknown => {
    // One in 250 does not fit, and the whole operation is refused.
    if (chance.below(250) === 0) return chance.pick(WRONG)
    return valueFromASTUntyped(drawConstant(type, chance))
  }

  const drawFor = (type: GraphQLInputType): string => {
    const known = byType.get(String(type)) ?? []
    if (known.length > 0 && chance.percent(40)) return chance.pick(known)
    const name = declare(type)
    byType.set(String(type), [...known, name])
    return name
  }

  return {
    definitions,
    get values() {
      return Object.fromEntries(values)
    },
    drawFor,
    drawCondition: () => drawFor(CONDITION),
  }
}
