import { pick, roll } from './dice.ts'

/**
 * - `none`: subgraphs answer as their schema says;
 * - `values`: some values are of another kind, missing, or none of their enum;
 * - `entities`: some entities are of another type or empty;
 * - `answers`: whole answers are broken.
 */
export const BREAKAGES = ['none', 'values', 'entities', 'answers'] as const
export type Breakage = (typeof BREAKAGES)[number]

/** The answer of a subgraph, of which nothing is certain. */
export interface RawAnswer {
  data?: unknown
  errors?: unknown
}

export interface AskedEntities {
  /** The name in the answer below which they stand. */
  responseName: string
  representations: readonly unknown[]
}

export interface Breaking {
  seed: number
  breakage: Breakage
  subgraph: string
  entities: readonly AskedEntities[]
}

/**
 * Breaks what is answered by what it says, and about whom. Where it stands in the request and how often it was asked
 * for must not matter: one executor asks for an entity once, another each time that it meets it.
 */
export function breakAnswer(answer: RawAnswer, breaking: Breaking): RawAnswer {
  switch (breaking.breakage) {
    case 'none':
      return answer
    case 'answers':
      return breakWhole(answer, breaking)
    case 'values':
      return eachPart(answer, breaking, (part, about) => breakValues(part, about, breaking))
    case 'entities':
      return eachEntity(answer, breaking, (entity, about) => breakEntity(entity, about, breaking))
  }
}

type Change = (value: unknown, about: string) => unknown

function eachPart(answer: RawAnswer, breaking: Breaking, change: Change): RawAnswer {
  const { data } = answer
  if (!isObject(data)) return answer
  const lists = new Set(breaking.entities.map(({ responseName }) => responseName))
  const own = Object.fromEntries(Object.entries(data).filter(([name]) => !lists.has(name)))
  const changed = change(own, 'root') as object
  return eachEntity({ ...answer, data: { ...data, ...changed } }, breaking, change)
}

function eachEntity(answer: RawAnswer, { entities }: Breaking, change: Change): RawAnswer {
  const { data } = answer
  if (!isObject(data)) return answer
  const changed = entities.map(({ responseName, representations }): [string, unknown] => {
    const list = data[responseName]
    if (!Array.isArray(list)) return [responseName, list]
    const items = list.map((item: unknown, index) => change(item, canonicalText(representations[index])))
    return [responseName, items]
  })
  return { ...answer, data: { ...data, ...Object.fromEntries(changed) } }
}

/** In some worlds one value in four is not what it should be, and in others one in twenty. */
function breakValues(value: unknown, about: string, breaking: Breaking): unknown {
  if (Array.isArray(value)) {
    return value.map((item, index) => breakValues(item, `${about}.${index}`, breaking))
  }
  if (!isObject(value)) return value
  const members = Object.entries(value).map(([name, member]): [string, unknown] => {
    const here = `${about}.${name}`
    const inside = breakValues(member, here, breaking)
    const rolled = roll(breaking.seed, 'value', breaking.subgraph, here)
    return [name, rolled % (4 + (Math.abs(breaking.seed) % 17)) === 0 ? otherThan(inside, rolled) : inside]
  })
  return Object.fromEntries(members)
}

function otherThan(value: unknown, rolled: number): unknown {
  if (typeof value === 'string')
    return pick([null, undefined, '', 5.5, true, { a: 1 }, ['x'], 'NONSENSE'], rolled)
  if (typeof value === 'number') return pick([null, undefined, 'x', '7', 1e21, 0.5, true, {}, [1]], rolled)
  if (typeof value === 'boolean') return pick([null, undefined, 'true', 1, 0, {}], rolled)
  if (Array.isArray(value)) {
    const list: unknown[] = value
    return pick([null, undefined, [], {}, 'text', [null, ...list], list.slice(1), [list]], rolled)
  }
  if (isObject(value))
    return pick([null, undefined, {}, 'text', 7, [], [value], { ...value, more: 1 }], rolled)
  return pick(['text', 5, {}, []], rolled)
}

function breakEntity(entity: unknown, about: string, { seed, subgraph }: Breaking): unknown {
  const rolled = roll(seed, 'entity', subgraph, about)
  if (!isObject(entity) || rolled % 3 !== 0) return entity
  return pick(
    [
      null,
      {},
      { ...entity, __typename: 'Nonsense' },
      { ...entity, __typename: '' },
      { ...entity, __typename: null },
      { ...entity, __typename: 'User' },
      { ...entity, __typename: 'Refusal' },
      { __typename: entity['__typename'] },
    ],
    rolled,
  )
}

const FAILED = { message: 'failed', extensions: { code: 'AWAY', since: 1 } }

/** By the subgraph, so that fetches that travel together fail as they would have failed one by one. */
function breakWhole(answer: RawAnswer, { seed, subgraph, entities }: Breaking): RawAnswer {
  const hop = entities.length > 0 ? 'entities' : 'root'
  const rolled = roll(seed, 'answer', subgraph, hop)
  const { data } = answer
  const entitiesAs = (change: (list: readonly unknown[]) => unknown): RawAnswer =>
    isObject(data)
      ? {
          ...answer,
          data: Object.fromEntries(
            Object.entries(data).map(([name, value]) => [name, Array.isArray(value) ? change(value) : value]),
          ),
        }
      : answer
  const forAll: RawAnswer[] = [
    { data: null, errors: [{ message: 'down' }] },
    { data: null, errors: [FAILED] },
    {},
    { ...answer, errors: [] },
    { data, errors: [{}] },
    { data, errors: [{ message: 'half', path: null }] },
    { data: null },
    { data: 'garbage' },
    { data: 5 },
    { data: [1] },
    { data: true },
    { data: {} },
    answer,
  ]
  const forEntities: RawAnswer[] = [
    entitiesAs(() => null),
    entitiesAs(() => ({})),
    entitiesAs(() => 'garbage'),
    entitiesAs((list) => list.slice(1)),
    entitiesAs((list) => [...list, null]),
    entitiesAs((list) => list.map(() => null)),
  ]
  return pick(entities.length > 0 ? [...forAll, ...forEntities] : forAll, rolled)
}

/** Whoever asks may write the parts of a representation in any order. */
function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    isObject(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
