import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { encodeCursor, type PageArguments, toConnection, toPageRequest } from './page.ts'

interface Row {
  name: string
  id: number
}

/** A list as a database would serve it: keyset on (name, id), one row more than asked for. */
function serve(rows: readonly Row[], args: PageArguments) {
  const page = toPageRequest(args, 2)
  const order = (a: Row, b: Row) => a.name.localeCompare(b.name) || a.id - b.id
  const sorted = [...rows].sort(order)
  if (page.direction === 'backward') sorted.reverse()
  const start = page.cursor ? { name: String(page.cursor[0]), id: Number(page.cursor[1]) } : null
  const beyond = (row: Row) =>
    !start || (page.direction === 'forward' ? order(row, start) > 0 : order(row, start) < 0)
  const found = sorted.filter(beyond).slice(0, page.limit + 1)
  return toConnection(
    found,
    page,
    (row) => [row.name, row.id],
    (row) => row,
  )
}

const rowsWithTies = fc
  .array(fc.constantFrom('ana', 'bea', 'čeda', '雪'), { maxLength: 60 })
  .map((names) => names.map((name, id) => ({ name, id })))

describe('walking a connection', () => {
  test('forward gives every row once and in order, whatever the page size', () => {
    fc.assert(
      fc.property(rowsWithTies, fc.integer({ min: 1, max: 7 }), (rows, first) => {
        const seen: Row[] = []
        let after: string | null = null
        for (;;) {
          const { edges, pageInfo } = serve(rows, { first, after })
          seen.push(...edges.map(({ node }) => node))
          if (!pageInfo.hasNextPage) break
          after = pageInfo.endCursor
        }
        expect(seen).toEqual([...rows].sort((a, b) => a.name.localeCompare(b.name) || a.id - b.id))
      }),
    )
  })

  test('backward from the end gives the same rows as forward from the start', () => {
    fc.assert(
      fc.property(rowsWithTies, fc.integer({ min: 1, max: 7 }), (rows, last) => {
        const seen: Row[] = []
        let before: string | null = null
        for (;;) {
          const { edges, pageInfo } = serve(rows, { last, before })
          seen.unshift(...edges.map(({ node }) => node))
          if (!pageInfo.hasPreviousPage) break
          before = pageInfo.startCursor
        }
        expect(seen).toEqual([...rows].sort((a, b) => a.name.localeCompare(b.name) || a.id - b.id))
      }),
    )
  })
})

describe('the arguments of a connection', () => {
  test.each<[string, PageArguments, RegExp]>([
    ['first and last together', { first: 1, last: 1 }, /either first or last/],
    ['after and before together', { after: 'x', before: 'y' }, /either after or before/],
    ['first with before', { first: 1, before: 'x' }, /before goes with last/],
    ['last with after', { last: 1, after: 'x' }, /after goes with first/],
    ['nothing at all', { first: 0 }, /first must be from 1 to 100/],
    ['too much', { last: 101 }, /last must be from 1 to 100/],
    ['a negative page', { first: -1 }, /first must be from 1 to 100/],
    ['a cursor that is no base64', { after: '~~~' }, /does not belong to this list/],
    ['a cursor that is no JSON', { after: btoa('hello') }, /does not belong to this list/],
    ['a cursor of another list', { after: encodeCursor(['one', 'two', 3]) }, /does not belong to this list/],
    ['a cursor with a nested value', { after: btoa('[["x"],1]') }, /does not belong to this list/],
    [
      'a cursor in pieces',
      { after: encodeCursor(['long enough', 1]).slice(0, 7) },
      /does not belong to this list/,
    ],
  ])('refuse %s', (_case, args, message) => {
    expect(() => toPageRequest(args, 2)).toThrow(message)
  })

  test('give twenty rows unless told otherwise', () => {
    expect(toPageRequest({}, 2)).toEqual({ limit: 20, direction: 'forward', cursor: null })
  })

  test('read back any cursor that a list returned', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer(), (name, id) => {
        expect(toPageRequest({ after: encodeCursor([name, id]) }, 2).cursor).toEqual([name, id])
      }),
    )
  })
})
