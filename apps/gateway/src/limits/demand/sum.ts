/** What an operation may bring about, counted in three ways. */
export interface Measured {
  /** Objects that the lists hold together. */
  readonly items: number
  /** Fields of all objects, and once more for every so many letters of a name. */
  readonly values: number
  /** What answering takes, in units of about one object. */
  readonly cost: number
}

export type Variables = Readonly<Record<string, unknown>>

/** How often something counts. */
export type Times = number | ((variables: Variables) => number)

/** A part of an operation that counts as often as the variables say. */
export interface Part {
  readonly times: (variables: Variables) => number
  readonly each: Sum
}

/**
 * What is the same at every request, and what depends on the variables, with how often that counts. Parts are shared:
 * a fragment that is spread twice brings its parts once, counting double, so that fragments which double each other
 * forty times take forty steps.
 */
export interface Sum {
  items: number
  values: number
  cost: number
  readonly parts: Map<Part, number>
}

export function emptySum(): Sum {
  return { items: 0, values: 0, cost: 0, parts: new Map() }
}

/** Adds something as often as it counts. */
export function add(sum: Sum, times: Times, each: Sum): void {
  if (typeof times !== 'number') {
    if (!isNothing(each)) sum.parts.set({ times, each }, 1)
    return
  }
  if (times === 0) return
  sum.items = bounded(sum.items + times * each.items)
  sum.values = bounded(sum.values + times * each.values)
  sum.cost = bounded(sum.cost + times * each.cost)
  for (const [part, factor] of each.parts) {
    sum.parts.set(part, bounded((sum.parts.get(part) ?? 0) + times * factor))
  }
}

/** Far above every limit, and still a number that JSON can say and that can be multiplied by another. */
export function bounded(count: number): number {
  return Math.min(count, Number.MAX_SAFE_INTEGER)
}

function isNothing({ items, values, cost, parts }: Sum): boolean {
  return items === 0 && values === 0 && cost === 0 && parts.size === 0
}
