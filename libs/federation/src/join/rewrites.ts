import type { FetchDataRewrite } from '@apollo/query-planner'
import { type GraphQLSchema, isAbstractType, isInterfaceType, isObjectType } from 'graphql'
import { isJsonObject, type JsonObject, readerOf, setOwn } from './json.ts'

type Change = (value: unknown) => void

const ON_TYPE = '... on '

/** Makes what changes an answer or a representation the way a plan asks for: sets a value or renames a key. */
export function compileRewrites(
  schema: GraphQLSchema,
  rewrites: readonly FetchDataRewrite[] | undefined,
): ((object: JsonObject) => void) | null {
  if (!rewrites || rewrites.length === 0) return null
  const changes = rewrites.map((rewrite) => toChange(schema, rewrite))
  return (object) => changes.forEach((change) => change(object))
}

function toChange(schema: GraphQLSchema, rewrite: FetchDataRewrite): Change {
  const [name = '', ...above] = rewrite.path.toReversed()
  const apply =
    rewrite.kind === 'ValueSetter' ? setter(name, rewrite.setValueTo) : renamer(name, rewrite.renameKeyTo)
  return above.reduce<Change>((change, step) => each(toStep(schema, step, change)), each(apply))
}

function setter(name: string, value: unknown): (object: JsonObject) => void {
  return (object) => setOwn(object, name, value)
}

function renamer(from: string, to: string): (object: JsonObject) => void {
  const read = readerOf(from)
  return (object) => {
    const value = read(object)
    // Apollo's own leaves null, 0, false and '' under the old name, and so loses them.
    if (value === undefined) return
    setOwn(object, to, value)
    setOwn(object, from, undefined)
  }
}

function each(change: (object: JsonObject) => void): Change {
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit)
    else if (isJsonObject(value)) change(value)
  }
  return visit
}

function toStep(schema: GraphQLSchema, step: string, next: Change): (object: JsonObject) => void {
  if (!step.startsWith(ON_TYPE)) {
    const read = readerOf(step)
    return (object) => next(read(object))
  }
  const type = step.slice(ON_TYPE.length)
  return (object) => {
    const name = object['__typename']
    // An answer that names no type was asked of this one.
    if (!name || isOfType(schema, name, type)) next(object)
  }
}

/** Whether an object that says it is of one type is of another: the same, or one that it implements or belongs to. */
export function isOfType(schema: GraphQLSchema, name: unknown, condition: string): boolean {
  if (name === condition) return true
  if (typeof name !== 'string') return false
  const type = schema.getType(name)
  const wanted = schema.getType(condition)
  if (!isAbstractType(wanted) || !(isObjectType(type) || isInterfaceType(type))) return false
  return schema.isSubType(wanted, type)
}
