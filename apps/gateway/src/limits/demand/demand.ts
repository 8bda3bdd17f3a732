import { bounded, type Measured, type Part, type Sum, type Variables } from './sum.ts'

/** A part with those within it named by their place in the list; each comes after all that it needs. */
interface Step {
  readonly times: (variables: Variables) => number
  readonly each: Measured
  readonly inner: readonly { step: number; factor: number }[]
}

/** What an operation may bring about, as a function of its variables. Made once for an operation. */
export interface Demand {
  /** All of it, where no variable decides anything. */
  readonly constant: Measured
  readonly steps: readonly Step[]
  readonly uses: readonly { step: number; factor: number }[]
}

/** Puts the parts of an operation in a row, so that each is worked out once a request, however often it is used. */
export function toDemand(root: Sum): Demand {
  const places = new Map<Part, number>()
  const steps: Step[] = []
  const usesOf = ({ parts }: Sum) => [...parts].map(([part, factor]) => ({ step: placeOf(part), factor }))
  const placeOf = (part: Part): number => {
    const known = places.get(part)
    if (known !== undefined) return known
    const { items, values, cost } = part.each
    const inner = usesOf(part.each)
    const place = steps.push({ times: part.times, each: { items, values, cost }, inner }) - 1
    places.set(part, place)
    return place
  }
  const uses = usesOf(root)
  return { constant: Object.freeze({ items: root.items, values: root.values, cost: root.cost }), steps, uses }
}

/** Called for each request: a look at a field where no variable decides, else about 0.1 µs for each part that one does. */
export function measureDemand({ constant, steps, uses }: Demand, variables: Variables): Measured {
  if (steps.length === 0) return constant
  const results: Measured[] = []
  for (const { times, each, inner } of steps) {
    results.push(total(times(variables), each, inner, results))
  }
  return total(1, constant, uses, results)
}

/** So many times what is the same each time and what the steps before have come to. */
function total(times: number, own: Measured, inner: Step['inner'], results: readonly Measured[]): Measured {
  let { items, values, cost } = own
  for (const { step, factor } of inner) {
    const result = results[step]
    if (result === undefined) continue
    items += factor * result.items
    values += factor * result.values
    cost += factor * result.cost
  }
  return { items: bounded(times * items), values: bounded(times * values), cost: bounded(times * cost) }
}
