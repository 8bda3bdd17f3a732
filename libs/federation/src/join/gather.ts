import { isJsonObject, type JsonObject, readerOf } from './json.ts'

/** Where a plan goes into the data: names of fields, and `@` for every item of a list. */
export type PlanPath = readonly (string | number)[]
/** Where something stands in the response. */
export type ResponsePath = readonly (string | number)[]

const EVERY_ITEM = '@'

export interface Gathered {
  /** All objects at the path. */
  readonly found: JsonObject[]
  /** What is wrong with the data on the way there; null when nothing is. */
  misfit: string | null
}

type Walk = (value: unknown, gathered: Gathered) => void

/** Makes what collects all objects at a path. What is not of the kind that the path expects leads nowhere. */
export function compileGather(path: PlanPath): (data: JsonObject) => Gathered {
  const walk = path.reduceRight<Walk>(
    (next, step, index) => toWalk(path.slice(0, index), step, next),
    collect,
  )
  return (data) => {
    const gathered: Gathered = { found: [], misfit: null }
    walk(data, gathered)
    return gathered
  }
}

function collect(value: unknown, { found }: Gathered): void {
  if (Array.isArray(value)) {
    for (const item of value) if (isJsonObject(item)) found.push(item)
  } else if (isJsonObject(value)) found.push(value)
}

function toWalk(above: PlanPath, step: string | number, next: Walk): Walk {
  const place = above.join('.')
  if (step === EVERY_ITEM) {
    return (value, gathered) => {
      if (Array.isArray(value)) for (const item of value) next(item, gathered)
      else if (value !== null && value !== undefined) gathered.misfit = `Expected a list at ${place}`
    }
  }
  const read = readerOf(String(step))
  return (value, gathered) => {
    if (isJsonObject(value)) next(read(value), gathered)
    else if (Array.isArray(value)) gathered.misfit = `Expected an object at ${place}, and no list`
  }
}

/**
 * Where each object at a plan's path stands in the response. Only asked for when there is an error to place, so it
 * walks again instead of burdening each gathering.
 */
export function findPlaces(data: JsonObject, path: PlanPath): ReadonlyMap<object, ResponsePath> {
  const places = new Map<object, ResponsePath>()
  const visit = (value: unknown, step: number, place: ResponsePath): void => {
    if (Array.isArray(value)) {
      const next = path[step] === EVERY_ITEM ? step + 1 : step
      // Beyond its end a path may still meet the list whose items it names.
      if (next === step && step < path.length) return
      value.forEach((item, index) => visit(item, next, [...place, index]))
    } else if (isJsonObject(value)) {
      const name = path[step]
      if (name === undefined) places.set(value, place)
      else if (name !== EVERY_ITEM) visit(readerOf(String(name))(value), step + 1, [...place, name])
    }
  }
  visit(data, 0, [])
  return places
}
