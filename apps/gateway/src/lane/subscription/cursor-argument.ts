import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLSchema,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  separateOperations,
  type ValueNode,
  valueFromASTUntyped,
  type VariableDefinitionNode,
  visit,
} from 'graphql'
import { refuse } from '../../errors/index.ts'

type Variables = Readonly<Record<string, unknown>>

/** The scalar that names a place in a log. */
const CURSOR_TYPE = 'Cursor'
const OWN_VARIABLE = 'courtside_after'

/** A subscription as subgraphs are sent it, the same for all clients wherever each of them begins. */
export interface StreamDocument {
  readonly document: DocumentNode
  readonly definition: OperationDefinitionNode
  /** Null where the events have no places. */
  readonly cursor: CursorArgument | null
}

export interface CursorArgument {
  /** The gateway's own variable, which stands in the argument. */
  readonly variable: string
  /** Where a client that sends these variables wants to begin; null at a snapshot. Throws the refusal of what is no cursor. */
  startOf(variables: Variables): string | null
}

/**
 * Puts a variable of our own into the argument of the root field that takes a cursor. The client's own value only says
 * where that client begins: whoever listens to the same may share it. An argument that cannot be left out makes no log:
 * there would be no way to begin.
 */
export function toStreamDocument(
  schema: GraphQLSchema,
  client: DocumentNode,
  operationName: string | null,
): StreamDocument {
  const document = separateOperations(client)[operationName ?? '']
  const definition = document?.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION)
  if (!document || definition?.kind !== Kind.OPERATION_DEFINITION) {
    throw new Error(`The document holds no operation ${operationName ?? 'that needs no name'}`)
  }
  const roots = rootFieldsOf(definition, document)
  const [root] = roots
  const argument = root && cursorArgumentOf(schema, root)
  if (!argument) return { document, definition, cursor: null }

  const { variableDefinitions = [] } = definition
  const variable = untakenName(variableDefinitions)
  const given = root.arguments?.find(({ name }) => name.value === argument)?.value
  const replaced = replaceArgument(document, roots, toArgument(argument, variable))
  const used = variablesUsedIn(replaced)
  const stays = ({ variable: { name } }: VariableDefinitionNode) =>
    used.has(name.value) || given?.kind !== Kind.VARIABLE || given.name.value !== name.value
  const own: OperationDefinitionNode = {
    ...operationIn(replaced),
    variableDefinitions: [...variableDefinitions.filter(stays), toDefinition(variable)],
  }
  return {
    document: {
      ...replaced,
      definitions: replaced.definitions.map((part) => (part.kind === Kind.OPERATION_DEFINITION ? own : part)),
    },
    definition: own,
    cursor: { variable, startOf: startReader(argument, given, variableDefinitions) },
  }
}

/** Validation has seen to it that all of them are one field of the response, and so have the same arguments. */
function rootFieldsOf(operation: OperationDefinitionNode, document: DocumentNode): ReadonlySet<FieldNode> {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const part of document.definitions) {
    if (part.kind === Kind.FRAGMENT_DEFINITION) fragments.set(part.name.value, part)
  }
  const fields = new Set<FieldNode>()
  const open = [operation.selectionSet]
  for (let set = open.pop(); set; set = open.pop()) {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) fields.add(selection)
      else if (selection.kind === Kind.INLINE_FRAGMENT) open.push(selection.selectionSet)
      else {
        const fragment = fragments.get(selection.name.value)
        // However often it is spread, it is read once.
        fragments.delete(selection.name.value)
        if (fragment) open.push(fragment.selectionSet)
      }
    }
  }
  return fields
}

function cursorArgumentOf(schema: GraphQLSchema, root: FieldNode): string | undefined {
  const field = schema.getSubscriptionType()?.getFields()[root.name.value]
  return field?.args.find(({ type }) => !isNonNullType(type) && getNamedType(type).name === CURSOR_TYPE)?.name
}

function untakenName(definitions: readonly VariableDefinitionNode[]): string {
  const taken = new Set(definitions.map(({ variable }) => variable.name.value))
  let name = OWN_VARIABLE
  while (taken.has(name)) name += '_'
  return name
}

function replaceArgument(
  document: DocumentNode,
  fields: ReadonlySet<FieldNode>,
  argument: ArgumentNode,
): DocumentNode {
  return visit(document, {
    Field(node) {
      if (!fields.has(node)) return false
      const others = (node.arguments ?? []).filter(({ name }) => name.value !== argument.name.value)
      return { ...node, arguments: [...others, argument] }
    },
  })
}

function operationIn({ definitions }: DocumentNode): OperationDefinitionNode {
  const operation = definitions.find((part) => part.kind === Kind.OPERATION_DEFINITION)
  if (!operation) throw new Error('An operation was lost while its cursor was replaced')
  return operation
}

/** Their declarations do not count. */
function variablesUsedIn(document: DocumentNode): ReadonlySet<string> {
  const names = new Set<string>()
  visit(document, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void names.add(name.value),
  })
  return names
}

function startReader(
  argument: string,
  given: ValueNode | undefined,
  definitions: readonly VariableDefinitionNode[],
): CursorArgument['startOf'] {
  const read = valueReader(given, definitions)
  return (variables) => {
    const start = read(variables) ?? null
    if (start === null || typeof start === 'string') return start
    throw refuse(
      400,
      'BAD_USER_INPUT',
      `${argument} must be a cursor as an event has brought it, which is a text, or null.`,
    )
  }
}

function valueReader(
  given: ValueNode | undefined,
  definitions: readonly VariableDefinitionNode[],
): (variables: Variables) => unknown {
  if (given === undefined) return () => null
  if (given.kind !== Kind.VARIABLE) {
    const literal: unknown = valueFromASTUntyped(given)
    return () => literal
  }
  const name = given.name.value
  const fallback = definitions.find(({ variable }) => variable.name.value === name)?.defaultValue
  const otherwise: unknown = fallback && valueFromASTUntyped(fallback)
  return (variables) => (Object.hasOwn(variables, name) ? variables[name] : otherwise)
}

function toArgument(name: string, variable: string): ArgumentNode {
  return { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: name }, value: toVariable(variable) }
}

function toVariable(name: string) {
  return { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } } as const
}

function toDefinition(name: string): VariableDefinitionNode {
  return {
    kind: Kind.VARIABLE_DEFINITION,
    variable: toVariable(name),
    type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: CURSOR_TYPE } },
  }
}
