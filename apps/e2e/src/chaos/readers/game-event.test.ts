import { expect, test } from '@jest/globals'
import { FOLLOWERS, oddityOf } from './game-event.ts'

const event = (followerCount: number | null) => ({
  gameChanged: {
    cursor: 'c',
    kind: 'DETAILS',
    recordedAt: null,
    gap: null,
    game: { name: 'a', home: { followerCount } },
  },
})
const error = (code: string, path = 'gameChanged.game.home.followerCount') => ({
  message: 'Not now.',
  path: path.split('.'),
  extensions: { code },
})

test('an event is right with the number of followers, or with an error that says that it is missing for now', () => {
  expect(oddityOf(event(FOLLOWERS), [])).toBeNull()
  expect(oddityOf(event(null), [error('SUBGRAPH_UNAVAILABLE')])).toBeNull()
})

test.each([
  ['another number', event(FOLLOWERS - 1), []],
  ['no number and no error', event(null), []],
  ['a number and an error', event(FOLLOWERS), [error('SUBGRAPH_UNAVAILABLE')]],
  ['an error that is no absence', event(null), [error('INTERNAL')]],
  [
    'an error of another part as well',
    event(null),
    [error('SUBGRAPH_UNAVAILABLE'), error('SUBGRAPH_UNAVAILABLE', 'gameChanged.game.name')],
  ],
])('it is wrong with %s', (_, changed, errors) => {
  expect(oddityOf(changed, errors)).toEqual(expect.any(String))
})
