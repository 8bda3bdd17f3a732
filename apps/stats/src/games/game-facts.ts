import { factKey, type RetentionPolicy } from '@courtside/events'
import type { EntityFact } from '../writes/index.ts'
import { kindOfChange, toStoredChange } from './game-change.ts'
import type { Game } from './game.ts'

export const gameStream = (gameId: string) => `game:${gameId}`

/** Everything that happens to games of a team, also to those that it is taken out of. */
export const teamStream = (teamId: string) => `team:${teamId}`

const DAY_MS = 86_400_000

/** A season and what follows it: whoever looks at last year's game gets its whole history. */
export const GAME_RETENTION: RetentionPolicy = { kind: 'game', keepMs: 400 * DAY_MS }
/** The stream of its games has everything. This one is for those who follow a team, and come back within a month. */
export const TEAM_RETENTION: RetentionPolicy = { kind: 'team', keepMs: 30 * DAY_MS }

/** Nothing comes after it in the stream of its game. */
export const GAME_REMOVED = 'game-removed'
const GAME_CHANGED = 'game-changed'

/** What a change of a game adds to the log: the same fact in the stream of the game and of each team concerned. */
export function gameFacts(before: Game | null, after: Game | null): readonly EntityFact[] {
  const game = after ?? before
  if (game === null) return []
  const kind = kindOfChange(before, after)
  const version = after?.version ?? game.version + 1
  const fact = {
    // Not the request's own key: a team has many games, and whoever chose a key twice would make a fact disappear.
    key: factKey(game.id, String(version)),
    type: after === null ? GAME_REMOVED : GAME_CHANGED,
    payload: toStoredChange(kind, game),
  }
  const teams = new Set([before, after].flatMap((one) => (one ? [one.homeTeamId, one.awayTeamId] : [])))
  return [gameStream(game.id), ...[...teams].map(teamStream)].map((stream) => ({ ...fact, stream }))
}
