import {
  type ASTVisitor,
  type FieldNode,
  getNamedType,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import type { Answers } from './compare.ts'
import type { Question } from './prepare.ts'
import type { Observation } from './world/generated-subgraphs.ts'
import type { World } from './world/world.ts'

export interface Compared extends Answers {
  question: Question
  schema: GraphQLSchema
}

/** Where ours answers other than Apollo does, on purpose. Between the lanes nothing is allowed. */
export interface AllowedDifference {
  reason: string
  example: Question
  /** Shown on the graph with all of federation in it, because that of the platform cannot. */
  isHard?: true
  /** As narrow as can be: whether this is all that these answers differ in. */
  isAll(compared: Compared): boolean
}

const TEXT_IN_THE_WAY = /^Invalid non-object value|^Cannot use 'in' operator|^Cannot create property/
const LIST_IN_THE_WAY = /^Unexpected array in result/
const NULL_DECIDES =
  /^{"path":null,"message":"Variable .* must not be null where it decides a @skip or @include\./
const WRONG_SCALAR = /^{"path":null,"message":"Variable .* got invalid value .*; \w+ must be /

const CALM: World = { seed: 0, errors: 0, nulls: 0, dangling: 0, breakage: 'none' }

export const ALLOWED_DIFFERENCES: readonly AllowedDifference[] = [
  {
    reason:
      'A subgraph does not know an entity that another one refers to. Apollo reports each field that is missing ' +
      'as a fault; for a client that is noise, as the reference dangles by design.',
    example: {
      query: '{ statsAuditLog { edges { node { actor { stats { followingCount } } } } } }',
      variables: {},
      world: { ...CALM, dangling: 100 },
    },
    isAll: ({ fast, apollo, schema }) => {
      const { missing, extra } = compareErrors({ fast, apollo })
      const ofGone = (error: string) =>
        apollo.holes.some(
          ({ text, type }) => text === error && type !== null && isGone(type, apollo.observation, schema),
        )
      return fast.data === apollo.data && missing.length === 0 && extra.every(ofGone)
    },
  },
  {
    reason:
      'What a subgraph answered has not even the outline of its type. Apollo fails as a whole and leaves out `data` ' +
      'and the errors of subgraphs, as if nothing had been run; we say that it is null, and why.',
    example: {
      query: '{ me { follows { edges { __typename } } } }',
      variables: {},
      world: { ...CALM, seed: -512266727, breakage: 'values' },
    },
    isAll: ({ fast, apollo }) => {
      const { extra } = compareErrors({ fast, apollo })
      return fast.data === 'null' && apollo.data === null && extra.length === 0
    },
  },
  {
    reason:
      'An object comes in the place of a text that is known: a field with fields is asked for under the name of a key, ' +
      'or a subgraph broke a value. Apollo throws while it joins, and forgets the rest of that answer; for us what ' +
      'comes later wins.',
    example: {
      query: '{ statsAuditLog { edges { node { actor { id: stats { followersCount } } } } } }',
      variables: {},
      world: { ...CALM, seed: 1554391700 },
    },
    isAll: ({ apollo, question }) =>
      apollo.failures.some((message) => TEXT_IN_THE_WAY.test(message)) &&
      (question.world.breakage !== 'none' || putsFieldsUnderKey(question.query)),
  },
  {
    reason:
      'Two types have fields of one name, so the planner asks for one of them under another, and takes the answer back ' +
      'to its own. Apollo loses it there when it is zero, empty or false.',
    example: {
      query:
        'mutation { follow(input: {}) { target { ... on Player { number } ... on User { id: isVerified } } } }',
      variables: {},
      world: { ...CALM, seed: 1 },
    },
    isAll: ({ apollo }) => apollo.observation.hasRenamedZero,
  },
  {
    reason:
      'A subgraph broke a value and answered a list where entities were to be found. Apollo fails as a whole; we ' +
      'answer the rest.',
    example: {
      query: 'mutation { unfollow(input: {}) { target { ... on Team { logoUrl } } } }',
      variables: {},
      world: { ...CALM, seed: -767802995, breakage: 'values' },
    },
    isAll: ({ fast, apollo, question }) => {
      const { extra } = compareErrors({ fast, apollo })
      const isInTheWay = apollo.failures.some((message) => LIST_IN_THE_WAY.test(message))
      return isInTheWay && question.world.breakage !== 'none' && extra.length === 0
    },
  },
  {
    reason:
      'A subgraph that knows only an interface says so in `__typename`. Apollo forgets the type that another one told, ' +
      'and with it the object; we keep it.',
    isHard: true,
    example: {
      query: '{ top { score __typename } }',
      variables: {},
      world: CALM,
    },
    isAll: ({ apollo }) => apollo.observation.namesInterface,
  },
  {
    reason:
      'Of several entities one was not asked for: it is of another type, or a subgraph broke its key. Apollo counts it ' +
      'all the same when it places the errors of those behind it; we place them where they belong.',
    example: {
      query: '{ me { follows { edges { node { ... on Team { secondaryColor } } } } } }',
      variables: {},
      world: { ...CALM, seed: 31, errors: 20 },
    },
    isAll: ({ fast, apollo, question, schema }) =>
      fast.data === apollo.data &&
      withoutIndexes(fast.errors) ===
        withoutIndexes([...apollo.errors, ...apollo.holes.map(({ text }) => text)]) &&
      (question.world.breakage !== 'none' || choosesTypes(question.query, schema)),
  },
  {
    reason:
      'Null was given to a variable that decides a @skip or @include. Apollo runs the operation, and fails within it ' +
      'or asks subgraphs what they refuse; we refuse the variables.',
    example: {
      query: 'query ($v: Boolean = true) { me { id @include(if: $v) } }',
      variables: { v: null },
      world: CALM,
    },
    isAll: ({ fast }) => fast.data === null && fast.errors.every((error) => NULL_DECIDES.test(error)),
  },
  {
    reason:
      'A variable is no value of a scalar of ours, such as a date. Apollo knows scalars by their names alone, runs the ' +
      'operation and is refused by the subgraphs that read it; we refuse the variables.',
    example: {
      query: 'query ($v: DateTime) { accountsAuditLog(filter: { to: $v }) { edges { cursor } } }',
      variables: { v: -1.5 },
      world: CALM,
    },
    isAll: ({ fast }) => fast.data === null && fast.errors.every((error) => WRONG_SCALAR.test(error)),
  },
]

/** A subgraph may have been asked for it by the name of an interface. */
function isGone(name: string, { gone }: Observation, schema: GraphQLSchema): boolean {
  if (gone.has(name)) return true
  const type = schema.getType(name)
  return isObjectType(type) && type.getInterfaces().some((interfaceType) => gone.has(interfaceType.name))
}

function compareErrors({ fast, apollo }: Pick<Answers, 'fast' | 'apollo'>) {
  const theirs = [...apollo.errors, ...apollo.holes.map(({ text }) => text)]
  return {
    missing: fast.errors.filter((error) => !theirs.includes(error)),
    extra: theirs.filter((error) => !fast.errors.includes(error)),
  }
}

/** Errors as texts, whatever the places in lists that they name. */
function withoutIndexes(errors: readonly string[]): string {
  const texts = errors.map((error) => {
    const { path, ...others } = JSON.parse(error) as { path: readonly (string | number)[] | null }
    return JSON.stringify({ path: path?.filter((step) => typeof step === 'string'), ...others })
  })
  return [...new Set(texts)].toSorted().join('\n')
}

/** Whether some field of the operation can hold objects of several types. */
function choosesTypes(query: string, schema: GraphQLSchema): boolean {
  const types = new TypeInfo(schema)
  return findsField(query, () => isAbstractType(getNamedType(types.getType())), types)
}

function putsFieldsUnderKey(query: string): boolean {
  return findsField(
    query,
    ({ alias, name, selectionSet }) =>
      alias?.value === 'id' && name.value !== 'id' && selectionSet !== undefined,
  )
}

function findsField(query: string, isWanted: (field: FieldNode) => boolean, types?: TypeInfo): boolean {
  let isFound = false
  const visitor: ASTVisitor = {
    Field(field) {
      isFound ||= isWanted(field)
    },
  }
  visit(parse(query), types ? visitWithTypeInfo(types, visitor) : visitor)
  return isFound
}
