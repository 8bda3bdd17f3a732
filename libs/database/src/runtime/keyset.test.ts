import { describe, expect, test } from '@jest/globals'
import type { CursorValue } from '@courtside/kernel'
import { keyset, type SortKey } from './keyset.ts'

const after = (type: SortKey['type'], value: CursorValue) =>
  keyset([{ field: 'key', order: 'asc', type }], { limit: 5, direction: 'forward', cursor: [value] })

describe('a forged cursor', () => {
  test.each<[SortKey['type'], CursorValue]>([
    ['date', '-271821-04-20T00:00:00.000Z'],
    ['date', '+275760-09-13T00:00:00.000Z'],
    ['date', 'yesterday'],
    ['number', 1.5],
    ['number', 1e308],
    ['uuid', '7'],
    ['text', 'a\u0000b'],
    ['text', null],
  ])('of type %s with %p never reaches Postgres', (type, value) => {
    expect(() => after(type, value)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }))
  })

  test('is told from a good one', () => {
    expect(after('number', 7)).toMatchObject({ where: { OR: [{ key: { gt: 7 } }] }, take: 6 })
    expect(after('date', '2026-11-20T12:00:00.000Z')).toMatchObject({
      where: { OR: [{ key: { gt: new Date('2026-11-20T12:00:00Z') } }] },
    })
  })
})
