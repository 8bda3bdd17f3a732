import { describe, expect, test } from '@jest/globals'
import { accessTo, anonymous, type Principal, requirementOf } from '@courtside/auth'
import { principals } from '@courtside/testing'
import fc from 'fast-check'
import {
  buildASTSchema,
  type DocumentNode,
  doTypesOverlap,
  executeSync,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql'
import { assertAccess, createAccessMap, requiredAccess } from './index.ts'

const sdl = parse(`
  directive @authenticated on FIELD_DEFINITION | OBJECT
  directive @requiresScopes(scopes: [[String!]!]!) on FIELD_DEFINITION | OBJECT
  directive @policy(policies: [[String!]!]!) on FIELD_DEFINITION | OBJECT
  type Query { node: Node thing: Thing a: A any: Any mine: B @policy(policies: [["person"]]) }
  interface Node { id: ID next: Node }
  interface Thing { id: ID name: String a: A }
  type A implements Node & Thing { id: ID next: Node name: String @authenticated a: A }
  type B implements Node & Thing { id: ID @requiresScopes(scopes: [["write:games"]]) next: Node name: String a: A }
  type C implements Node @requiresScopes(scopes: [["read:audit"], ["score:games", "write:chat"]]) { id: ID next: Node }
  type D implements Thing { id: ID name: String @policy(policies: [["person"]]) a: A @authenticated }
  union Any = A | C | D
`)
const schema = buildASTSchema(sdl)
const access = createAccessMap(sdl)
const TYPES = ['Query', 'Node', 'Thing', 'A', 'B', 'C', 'D', 'Any'] as const
const composite = (name: string) => schema.getType(name) as GraphQLCompositeType

/** Random operations that the schema allows, with conditions of every kind and two named fragments. */
function operations(): fc.Arbitrary<string> {
  const condition = fc.constantFrom(
    '',
    '',
    '',
    ' @skip(if: $yes)',
    ' @include(if: $no)',
    ' @skip(if: true)',
    ' @skip(if: false)',
    ' @include(if: true)',
    ' @include(if: false)',
  )
  const sets = (spreads: readonly ('F' | 'G')[]) =>
    fc.letrec<Record<string, string>>((tie) =>
      Object.fromEntries(
        TYPES.map((name) => {
          const type = composite(name)
          const fields = isUnionType(type) ? [] : Object.values(type.getFields())
          const named = fields.map((field) => {
            const inner = getNamedType(field.type)
            const alias = fc.constantFrom('', `x${field.name}: `)
            const below = isCompositeType(inner) ? tie(inner.name) : fc.constant('')
            return fc
              .tuple(alias, condition, below)
              .map(([as, when, set]) => `${as}${field.name}${when} ${set}`)
          })
          const conditions = TYPES.filter((other) => doTypesOverlap(schema, type, composite(other)))
          const inline = fc
            .constantFrom(...conditions)
            .chain((other) =>
              fc.tuple(condition, tie(other)).map(([when, set]) => `... on ${other}${when} ${set}`),
            )
          const usable = spreads.filter((spread) =>
            doTypesOverlap(schema, type, composite(spread === 'F' ? 'A' : 'Node')),
          )
          const spread =
            usable.length > 0 ? [fc.constantFrom(...usable).map((fragment) => `...${fragment}`)] : []
          const selection = fc.oneof(...named, inline, ...spread, fc.constant('__typename'))
          const set = fc.oneof(
            { maxDepth: 4, depthIdentifier: 'set' },
            fc.constant('{ __typename }'),
            fc.array(selection, { minLength: 1, maxLength: 3 }).map((all) => `{ ${all.join(' ')} }`),
          )
          return [name, set]
        }),
      ),
    )
  return fc
    .tuple(sets(['F', 'G'])['Query']!, sets([])['A']!, sets(['F'])['Node']!)
    .map(
      ([query, f, g]) =>
        `query ($yes: Boolean!, $no: Boolean!) ${query} fragment F on A ${f} fragment G on Node ${g}`,
    )
}

/** The coordinates that a real run reads, when what is abstract turns out to be what `pick` says. */
function coordinatesRead(
  document: DocumentNode,
  yes: boolean,
  no: boolean,
  pick: (types: number) => number,
): Set<string> {
  const read = new Set<string>()
  executeSync({
    schema,
    document,
    rootValue: {},
    variableValues: { yes, no },
    fieldResolver: (_source, _args, _context, { parentType, fieldName, returnType }) => {
      read.add(parentType.name).add(`${parentType.name}.${fieldName}`)
      const named = getNamedType(returnType)
      if (!isCompositeType(named)) return 'x'
      if (!isAbstractType(named)) return {}
      const types = schema.getPossibleTypes(named)
      return { __typename: types[pick(types.length)]?.name }
    },
    typeResolver: (value: { __typename: string }) => value.__typename,
  })
  return read
}

/** The coordinates that any run could read: every fragment written out, every type tried by itself. */
function coordinatesReachable(document: DocumentNode): Set<string> {
  const fragments = new Map(
    document.definitions
      .filter(
        (definition): definition is FragmentDefinitionNode => definition.kind === Kind.FRAGMENT_DEFINITION,
      )
      .map((fragment) => [fragment.name.value, fragment]),
  )
  const reachable = new Set<string>()
  const fieldsFor = (type: GraphQLObjectType, set: SelectionSetNode): FieldNode[] =>
    set.selections.flatMap((selection) => {
      const text = JSON.stringify(selection.directives)
      if (/"skip"/.test(text) && /"value":true/.test(text)) return []
      if (/"include"/.test(text) && /"value":false/.test(text)) return []
      if (selection.kind === Kind.FIELD) return [selection]
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)
      const on = fragment?.typeCondition ? composite(fragment.typeCondition.name.value) : type
      return fragment && doTypesOverlap(schema, type, on) ? fieldsFor(type, fragment.selectionSet) : []
    })
  const visit = (type: GraphQLObjectType, set: SelectionSetNode): void => {
    for (const field of fieldsFor(type, set)) {
      const definition = type.getFields()[field.name.value]
      if (!definition) continue
      reachable.add(type.name).add(`${type.name}.${field.name.value}`)
      const inner = getNamedType(definition.type)
      if (isObjectType(inner)) reachable.add(inner.name)
      if (!field.selectionSet || !isCompositeType(inner)) continue
      for (const possible of isObjectType(inner) ? [inner] : schema.getPossibleTypes(inner)) {
        visit(possible, field.selectionSet)
      }
    }
  }
  visit(
    composite('Query') as GraphQLObjectType,
    (document.definitions[0] as OperationDefinitionNode).selectionSet,
  )
  return reachable
}

function mayRead(coordinate: string, principal: Principal): boolean {
  const [name = '', field] = coordinate.split('.')
  const type = schema.getType(name) as GraphQLObjectType
  const requirement = requirementOf(
    (field === undefined ? type : type.getFields()[field])?.astNode?.directives,
  )
  return requirement === null || accessTo(requirement, principal) === 'granted'
}

function isGranted(document: DocumentNode, principal: Principal): boolean {
  try {
    assertAccess(
      requiredAccess(document.definitions[0] as OperationDefinitionNode, document, access),
      principal,
    )
    return true
  } catch {
    return false
  }
}

const callers = [
  anonymous,
  principals.user('viewer'),
  principals.user('scorekeeper'),
  principals.user('admin'),
  principals.partner('write:games', 'score:games'),
]

/** No object is of type B and of type A. */
const RULED_OUT =
  'query ($yes: Boolean!, $no: Boolean!) { thing { ... on B { ... on Node { ...F } name } } } fragment F on A { a { name } } fragment G on Node { __typename }'

describe('whatever is asked, in whatever way', () => {
  test('nothing is read that its caller may not read', () => {
    let granted = 0
    fc.assert(
      fc.property(operations(), fc.boolean(), fc.boolean(), fc.nat(), (text, yes, no, seed) => {
        const document = parse(text)
        const principal = callers[seed % callers.length] ?? anonymous
        if (!isGranted(document, principal)) return
        granted += 1
        let turn = seed
        const read = coordinatesRead(document, yes, no, (types) => (turn += 7) % types)
        expect([...read].filter((coordinate) => !mayRead(coordinate, principal))).toEqual([])
      }),
      { numRuns: 2_000 },
    )
    expect(granted).toBeGreaterThan(200)
  })

  test('nothing is refused that no run could read', () => {
    fc.assert(
      fc.property(operations(), fc.nat(), (text, seed) => {
        const document = parse(text)
        const principal = callers[seed % callers.length] ?? anonymous
        const readable = [...coordinatesReachable(document)].every((coordinate) =>
          mayRead(coordinate, principal),
        )
        expect(isGranted(document, principal)).toBe(readable)
      }),
      { numRuns: 2_000, examples: [[RULED_OUT, 0]] },
    )
  })
})
