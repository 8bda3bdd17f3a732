import {
  type ArgumentNode,
  type DirectiveNode,
  doTypesOverlap,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  isInputObjectType,
  isNonNullType,
  isRequiredArgument,
  Kind,
  OperationTypeNode,
  print,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import type { Chance } from './chance.ts'
import { type Distance, fieldsOf } from './crossings.ts'
import { drawLiteral } from './draw-literal.ts'
import { createDrawnVariables, type DrawnVariables } from './draw-variables.ts'
import { toArgument, toName, toNamedType, toVariable } from './nodes.ts'

export interface DrawnOperation {
  document: DocumentNode
  variables: Readonly<Record<string, unknown>>
}

export interface OperationSize {
  /** Fields within fields. */
  depth: number
  /** With so many fields, nothing more is opened. */
  fields: number
}

/** What operations are drawn over. */
export interface Drawable {
  schema: GraphQLSchema
  distance: Distance
  size: OperationSize
  /** Default: queries and mutations. */
  type?: 'subscription'
}

/** None is a key: under the name of one, what a plan asks by and what it was asked for would be one thing. */
const ALIASES = ['a', 'b', 'name', 'constructor', '__proto__', 'toString']

/** What stands under each name of a place in the response, so that two selections of it can be merged. */
type Scope = Map<string, { signature: string; below: Scope }>

interface KnownFragment {
  name: string
  scope: Scope
}

/** A tree over the schema, which is valid as it grows: names that would not merge are never given twice. */
export function drawOperation(drawable: Drawable, chance: Chance): DrawnOperation {
  const { schema, size } = drawable
  const operation = drawType(drawable, chance)
  const root = schema.getRootType(operation)
  if (!root) throw new Error(`The schema has no ${operation}`)
  const variables = createDrawnVariables(chance)
  const fragments: FragmentDefinitionNode[] = []
  const tree = createTree({ ...drawable, chance, variables, fragments })
  const selectionSet =
    operation === OperationTypeNode.SUBSCRIPTION
      ? tree.drawOneField(root, size.depth)
      : tree.drawSet(root, size.depth)
  const name = chance.percent(30) ? toName('Drawn') : undefined
  const variableDefinitions = variables.definitions
  return {
    document: {
      kind: Kind.DOCUMENT,
      definitions: [
        { kind: Kind.OPERATION_DEFINITION, operation, name, variableDefinitions, selectionSet },
        ...fragments,
      ],
    },
    variables: variables.values,
  }
}

function drawType({ schema, type }: Drawable, chance: Chance): OperationTypeNode {
  if (type === 'subscription') return OperationTypeNode.SUBSCRIPTION
  const isMutation = schema.getMutationType() != null && chance.percent(25)
  return isMutation ? OperationTypeNode.MUTATION : OperationTypeNode.QUERY
}

interface Drawing extends Drawable {
  chance: Chance
  variables: DrawnVariables
  fragments: FragmentDefinitionNode[]
}

function createTree({ schema, distance, size, chance, variables, fragments }: Drawing) {
  let fields = 0
  const composites = Object.values(schema.getTypeMap()).filter(
    (type) => isCompositeType(type) && !type.name.startsWith('__'),
  ) as GraphQLCompositeType[]
  const knownFragments = new Map<string, KnownFragment[]>()

  const drawSet = (type: GraphQLCompositeType, depth: number, scope: Scope = new Map()): SelectionSetNode => {
    const known = scope.size === 0 && chance.percent(30) ? knownFragments.get(type.name) : undefined
    const first = known && spread(chance.pick(known), scope)
    const selections: SelectionNode[] = first ? [first] : []
    const count = first ? chance.below(2) : 1 + chance.below(4)
    for (let index = 0; index < count; index++) selections.push(drawSelection(type, depth, scope))
    return { kind: Kind.SELECTION_SET, selections }
  }

  /** What may stand at the root of a subscription. */
  const drawOneField = (type: GraphQLObjectType, depth: number): SelectionSetNode => {
    const chosen = chooseField(type, fieldsOf(type), depth)
    const field = drawField(type, chosen, depth, new Map(), false)
    const selectionSet: SelectionSetNode = { kind: Kind.SELECTION_SET, selections: [field] }
    if (chance.percent(70)) return selectionSet
    const fragment = {
      kind: Kind.INLINE_FRAGMENT,
      typeCondition: toNamedType(type.name),
      selectionSet,
    } as const
    return { kind: Kind.SELECTION_SET, selections: [fragment] }
  }

  const drawSelection = (type: GraphQLCompositeType, depth: number, scope: Scope): SelectionNode => {
    const candidates = fieldsOf(type)
    if (depth > 0 && chance.percent(candidates.length === 0 ? 90 : 15))
      return drawFragment(type, depth, scope)
    if (candidates.length === 0 || chance.percent(8))
      return toField('__typename', drawAlias('__typename', scope, '__typename'))
    return drawField(type, chooseField(type, candidates, depth), depth, scope)
  }

  const chooseField = (
    type: GraphQLCompositeType,
    candidates: readonly GraphQLField<unknown, unknown>[],
    depth: number,
  ) => {
    const isStep = (field: GraphQLField<unknown, unknown>) => isCompositeType(getNamedType(field.type))
    if (depth === 0 || fields > size.fields) {
      const leaves = candidates.filter((field) => !isStep(field))
      return leaves.length > 0 ? chance.pick(leaves) : null
    }
    const steps = candidates.filter(isStep)
    if (steps.length === 0 || chance.percent(45)) return chance.pick(candidates)
    const nearest = Math.min(...steps.map((field) => distance(type, field)))
    const most = nearest + chance.below(2)
    return chance.pick(steps.filter((field) => distance(type, field) <= most))
  }

  const drawField = (
    type: GraphQLCompositeType,
    field: GraphQLField<unknown, unknown> | null,
    depth: number,
    scope: Scope,
    isConditional = true,
  ): SelectionNode => {
    if (!field) return toField('__typename', drawAlias('__typename', scope, '__typename'))
    fields++
    const named = getNamedType(field.type)
    const given = drawArguments(field)
    const about = `${type.name}.${field.name}(${given.map(print).join()})`
    const alias = drawAlias(field.name, scope, about)
    const node = toField(field.name, alias, given, isConditional ? drawDirectives() : [])
    if (!isCompositeType(named)) return node
    const below = scope.get(alias ?? field.name)?.below
    return { ...node, selectionSet: drawSet(named, Math.max(0, depth - 1), below) }
  }

  /** The alias for what is to stand here; undefined where the name of the field will do. */
  const drawAlias = (name: string, scope: Scope, signature: string): string | undefined => {
    const wanted = chance.percent(15) ? chance.pick(ALIASES) : name
    const taken = scope.get(wanted)
    const free = taken ? taken.signature === signature : true
    const response = free ? wanted : `f${fields}_${scope.size}`
    if (!scope.has(response)) scope.set(response, { signature, below: new Map() })
    return response === name ? undefined : response
  }

  const drawArguments = (field: GraphQLField<unknown, unknown>): ArgumentNode[] =>
    field.args
      .filter((argument) => isRequiredArgument(argument) || chance.percent(20))
      .map(({ name, type }) => {
        // A whole input as a variable is what clients send most; its inside is drawn as well.
        const whole = isInputObjectType(getNamedType(type)) && isNonNullType(type) && chance.percent(50)
        return toArgument(
          name,
          whole ? toVariable(variables.drawFor(type)) : drawLiteral(type, chance, variables.drawFor),
        )
      })

  const drawDirectives = (): DirectiveNode[] => {
    if (!chance.percent(15)) return []
    const names = chance.pick([['skip'], ['include'], ['skip', 'include']])
    return names.map((name) => ({
      kind: Kind.DIRECTIVE,
      name: toName(name),
      arguments: [
        toArgument(
          'if',
          chance.percent(60)
            ? toVariable(variables.drawCondition())
            : { kind: Kind.BOOLEAN, value: (name === 'include') === chance.percent(75) },
        ),
      ],
    }))
  }

  const drawFragment = (type: GraphQLCompositeType, depth: number, scope: Scope): SelectionNode => {
    const directives = drawDirectives()
    if (chance.percent(15)) {
      return { kind: Kind.INLINE_FRAGMENT, directives, selectionSet: drawSet(type, depth - 1, scope) }
    }
    const on = drawCondition(type)
    const own = scope.size === 0 ? (new Map() as Scope) : scope
    const selectionSet = drawSet(on, depth - 1, own)
    const typeCondition = toNamedType(on.name)
    if (chance.percent(50)) {
      for (const [response, here] of own) scope.set(response, here)
      return { kind: Kind.INLINE_FRAGMENT, typeCondition, directives, selectionSet }
    }
    const name = `F${fragments.length}`
    fragments.push({ kind: Kind.FRAGMENT_DEFINITION, name: toName(name), typeCondition, selectionSet })
    const fragment = { name, scope: own }
    // One that was drawn beside other selections is only known to merge with those.
    if (own !== scope) knownFragments.set(on.name, [...(knownFragments.get(on.name) ?? []), fragment])
    return { ...spread(fragment, scope), directives }
  }

  /** A type that an object here may be of. */
  const drawCondition = (type: GraphQLCompositeType): GraphQLCompositeType => {
    if (!isAbstractType(type) && chance.percent(60)) return type
    if (isAbstractType(type) && chance.percent(80)) return chance.pick(schema.getPossibleTypes(type))
    return chance.pick(composites.filter((other) => doTypesOverlap(schema, type, other)))
  }

  /** From here on the place holds what the fragment holds: what is added to one must merge with the other. */
  const spread = ({ name, scope: known }: KnownFragment, scope: Scope): SelectionNode => {
    for (const [response, here] of known) scope.set(response, here)
    return { kind: Kind.FRAGMENT_SPREAD, name: toName(name) }
  }

  return { drawSet, drawOneField }
}

function toField(
  name: string,
  alias: string | undefined,
  given: ArgumentNode[] = [],
  directives: DirectiveNode[] = [],
): FieldNode {
  return {
    kind: Kind.FIELD,
    name: toName(name),
    ...(alias !== undefined && { alias: toName(alias) }),
    arguments: given,
    directives,
  }
}
