import { type CursorValue, DomainError, isUuid, type PageRequest } from '@courtside/kernel'

/** One column of a list's order. The last one must be unique, or rows that tie could be skipped. */
export interface SortKey {
  field: string
  order: 'asc' | 'desc'
  type: 'text' | 'uuid' | 'date' | 'number'
}

/** What Prisma's `findMany` needs to fetch a page, and one row more, by keyset: deep pages cost what the first costs. */
export interface Keyset {
  where: object
  orderBy: object[]
  take: number
}

export function keyset(keys: readonly SortKey[], page: PageRequest): Keyset {
  const flip = page.direction === 'backward'
  const orderBy = keys.map(({ field, order }) => ({ [field]: flip ? opposite(order) : order }))
  const take = page.limit + 1
  if (page.cursor === null) return { where: {}, orderBy, take }
  const values = keys.map((key, index) => toColumnValue(key, page.cursor?.[index] ?? null))
  // (a, b) > (x, y) as Prisma says it: a > x, or a = x and b > y.
  const alternatives = keys.map((key, index) => ({
    ...Object.fromEntries(keys.slice(0, index).map((earlier, at) => [earlier.field, values[at]])),
    [key.field]: { [(key.order === 'asc') !== flip ? 'gt' : 'lt']: values[index] },
  }))
  return { where: { OR: alternatives }, orderBy, take }
}

const opposite = (order: 'asc' | 'desc') => (order === 'asc' ? 'desc' : 'asc')

/** A cursor comes from the client: what Postgres would refuse is refused here, in words. */
function toColumnValue(key: SortKey, value: CursorValue): CursorValue | Date {
  switch (key.type) {
    case 'date':
      if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value))) {
        return new Date(value)
      }
      break
    case 'uuid':
      if (typeof value === 'string' && isUuid(value)) return value
      break
    case 'text':
      if (typeof value === 'string' && !value.includes('\u0000') && value.isWellFormed()) return value
      break
    case 'number':
      if (Number.isSafeInteger(value)) return value
  }
  throw new DomainError({
    kind: 'invalid',
    code: 'BAD_USER_INPUT',
    message: 'This cursor does not belong to this list. Use a cursor as the list returned it.',
  })
}
