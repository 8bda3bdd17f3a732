import type { Limits } from '../limits.ts'
import { limitExceeded } from '../limit-exceeded.ts'
import type { Measured } from './sum.ts'

/**
 * Refuses lists within lists within lists: each is short, and together they are everything there is. Also refuses
 * fewer items of which each is asked for very much, and what is dear in other ways.
 */
export function assertDemand(
  { items, values, cost }: Measured,
  limits: Pick<Limits, 'items' | 'values' | 'cost'>,
): void {
  if (items > limits.items) {
    throw limitExceeded({
      code: 'ITEM_LIMIT_EXCEEDED',
      limit: limits.items,
      actual: items,
      what: `may return ${items} items of lists`,
      remedy: 'Ask for shorter pages, or for the inner lists in further requests.',
    })
  }
  if (values > limits.values) {
    throw limitExceeded({
      code: 'VALUE_LIMIT_EXCEEDED',
      limit: limits.values,
      actual: values,
      what: `may return ${values} values`,
      remedy: 'Ask for fewer fields of each item, with short names, or for shorter pages.',
    })
  }
  if (cost > limits.cost) throw costLimitExceeded(cost, limits.cost)
}

export function costLimitExceeded(actual: number, limit: number) {
  return limitExceeded({
    code: 'COST_LIMIT_EXCEEDED',
    limit,
    actual,
    what: `may cost ${actual}`,
    remedy: 'Ask for shorter pages, for fewer objects within them, or for one dear field at a time.',
  })
}
