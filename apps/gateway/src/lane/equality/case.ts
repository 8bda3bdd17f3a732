import { print } from 'graphql'
import * as fc from 'fast-check'
import { toChance } from './operation/chance.ts'
import { type Drawable, drawOperation, type DrawnOperation } from './operation/draw-operation.ts'
import { simplerOperations } from './operation/shrink-operation.ts'
import type { Question } from './prepare.ts'
import type { Breakage } from './world/break-answer.ts'
import type { World } from './world/world.ts'

/** One operation, and the world that it meets. */
export interface Case {
  operation: DrawnOperation
  world: World
}

export function toQuestion({ operation, world }: Case): Question {
  return { query: print(operation.document), variables: operation.variables, world }
}

/**
 * Operations over the whole of a schema, in worlds where subgraphs break theirs in the given ways. An arbitrary of our own, because a tree that is put together from
 * fast-check's could only be made smaller at its leaves; this one takes selections, fragments, arguments and
 * variables away, one at a time, as long as the operation stays valid.
 */
export class Cases extends fc.Arbitrary<Case> {
  readonly #drawable: Drawable
  readonly #breakages: readonly Breakage[]

  constructor(drawable: Drawable, breakages: readonly Breakage[]) {
    super()
    this.#drawable = drawable
    this.#breakages = breakages
  }

  override generate(random: fc.Random): fc.Value<Case> {
    const chance = toChance(random)
    const operation = drawOperation(this.#drawable, chance)
    const isCalm = this.#breakages.every((breakage) => breakage === 'none')
    const world: World = {
      seed: random.nextInt(),
      errors: isCalm ? 0 : chance.pick([0, 0, 0, 1, 4]),
      nulls: chance.pick([0, 5, 20]),
      dangling: chance.pick([0, 15, 50]),
      breakage: chance.pick(['none', ...this.#breakages]),
    }
    return toValue({ operation, world })
  }

  override canShrinkWithoutContext(_: unknown): _ is Case {
    return false
  }

  override shrink({ operation, world }: Case): fc.Stream<fc.Value<Case>> {
    const calmer = calmerWorlds(world).map((other) => toValue({ operation, world: other }))
    return fc
      .stream(calmer.values())
      .join(
        fc
          .stream(simplerOperations(operation, this.#drawable.schema))
          .map((simpler) => toValue({ operation: simpler, world })),
      )
  }
}

function calmerWorlds(world: World): World[] {
  const calmer: World[] = []
  if (world.errors > 0) calmer.push({ ...world, errors: 0 })
  if (world.nulls > 0) calmer.push({ ...world, nulls: 0 })
  if (world.dangling > 0) calmer.push({ ...world, dangling: 0 })
  if (world.breakage !== 'none') calmer.push({ ...world, breakage: 'none' })
  return calmer
}

/** Shows a counterexample as people write operations. */
function toValue(one: Case): fc.Value<Case> {
  const shown = {
    ...one,
    [fc.toStringMethod]: () => {
      const { query, variables, world } = toQuestion(one)
      return `\n${query}\nvariables ${JSON.stringify(variables)}\nin the world ${JSON.stringify(world)}\n`
    },
  }
  return new fc.Value(shown, undefined)
}
