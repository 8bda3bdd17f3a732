import type { ResultError } from '../../transports/index.ts'
import { isAway } from '../away.ts'

export const GAME_CHANGES = `subscription Changes($gameId: ID!, $after: Cursor) {
  gameChanged(gameId: $gameId, after: $after) {
    cursor kind recordedAt gap { __typename } game { id name home { followerCount } }
  }
}`

export interface GameChanged {
  gameChanged: {
    cursor: string
    kind: string
    recordedAt: string | null
    gap: object | null
    game: { name: string | null; home: { followerCount: number | null } }
  }
}

/** Who follows the team at home, from before the first reader came until the end. */
export const FOLLOWERS = 1

/** The one part of an event that stats does not tell. */
const OF_ACCOUNTS = 'gameChanged.game.home.followerCount'

/**
 * What is wrong with the part of an event that accounts tells. That part alone may be missing while accounts is away,
 * and then an error says so; a number is the right one.
 */
export function oddityOf({ gameChanged }: GameChanged, errors: readonly ResultError[]): string | null {
  const { followerCount } = gameChanged.game.home
  const [first] = errors
  if (followerCount !== null) {
    if (first) return `an error beside whole data: ${first.message}`
    return followerCount === FOLLOWERS ? null : `${followerCount} followers in place of ${FOLLOWERS}`
  }
  if (!first) return 'no number of followers, and no error that says why'
  const wrong = errors.find(
    ({ path = [], extensions = {} }) =>
      path.join('.') !== OF_ACCOUNTS || !isAway(extensions['code'], extensions),
  )
  return wrong ? `an error that no fault excuses: ${JSON.stringify(wrong)}` : null
}
