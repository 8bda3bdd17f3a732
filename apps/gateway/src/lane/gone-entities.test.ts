import { describe, expect, test } from '@jest/globals'
import { createGoneEntities } from './gone-entities.ts'

const place = ['me', 'follows', 'edges', '@', 'node']
const hole = (...path: (string | number)[]) => ({ message: 'Cannot return null', path })
const holeIn = (index: number, field = 'name') => hole('me', 'follows', 'edges', index, 'node', field)

function withGone(...entities: unknown[]) {
  const gone = createGoneEntities()
  gone.note(place, { data: { _entities: entities } })
  return gone
}

describe('a hole', () => {
  test('is explained by an entity that is gone from its place', () => {
    const gone = withGone({ name: 'North Ridge' }, null)
    expect(gone.unexplained([holeIn(7)])).toEqual([])
    expect(gone.unexplained([holeIn(7), holeIn(7, 'city')])).toEqual([])
  })

  test.each([
    ['in what is not gone', hole('me', 'email')],
    ['in the place itself', hole('me', 'follows', 'edges', 7, 'node')],
    ['deeper, in what somebody did answer', hole('me', 'follows', 'edges', 7, 'node', 'venue', 'name')],
    ['in a field by the name of an item', hole('me', 'follows', 'edges', 'seven', 'node', 'name')],
    ['without a path', { message: 'Cannot return null' }],
  ])('%s is not', (_, other) => {
    expect(withGone(null).unexplained([other, holeIn(7)])).toEqual([other])
  })

  test('is not where nothing is gone', () => {
    expect(withGone({ name: null }).unexplained([holeIn(0)])).toEqual([holeIn(0)])
    expect(createGoneEntities().unexplained([holeIn(0)])).toEqual([holeIn(0)])
  })

  test('is not where more entities have holes than are gone', () => {
    const holes = [holeIn(0), holeIn(1)]
    expect(withGone(null, { name: null }).unexplained(holes)).toEqual(holes)
    expect(withGone(null, null).unexplained(holes)).toEqual([])
  })

  test('is explained by whichever subgraph said so', () => {
    const gone = withGone(null)
    gone.note(place, { data: { _entities: [null] } })
    gone.note([], { data: { me: null } })
    gone.note(place, { data: null, errors: [{ message: 'down' }] })
    expect(gone.unexplained([holeIn(0), holeIn(1)])).toEqual([])
  })
})
