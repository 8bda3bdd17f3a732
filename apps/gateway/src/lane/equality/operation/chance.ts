import type { Random } from 'fast-check'

/** What a generated operation is decided by. */
export interface Chance {
  /** Below `end`. */
  below(end: number): number
  /** True this often of a hundred times. */
  percent(percent: number): boolean
  pick<Item>(items: readonly Item[]): Item
}

export function toChance(random: Random): Chance {
  const below = (end: number) => random.nextInt(0, end - 1)
  return {
    below,
    percent: (percent) => below(100) < percent,
    pick(items) {
      const item = items[below(items.length)]
      if (item === undefined) throw new Error('There is nothing to pick from')
      return item
    },
  }
}
