import { GraphQLError } from 'graphql'
import { pick, roll } from './dice.ts'
import type { World } from './world.ts'

/** What resolvers fail with: what clients are told, what they are not, and what nobody should send. */
const FAULTS: readonly (readonly [message: string, extensions: Record<string, unknown>])[] = [
  ['The game is over.', { code: 'STATS_GAME_OVER', field: 'status', query: 'not for clients' }],
  ['Not yours.', { code: 'FORBIDDEN' }],
  ['Did you mean "name"?', { code: 'BAD_USER_INPUT', nested: { list: [1, null] } }],
  ['relation "secrets" does not exist', {}],
  ['hidden', { code: 'INTERNAL_SERVER_ERROR', errorId: '11111111-2222-4333-8444-555555555555' }],
  ['hidden', { code: 'INTERNAL_SERVER_ERROR', errorId: 'no id' }],
  ['wrongly asked', { code: 'GRAPHQL_VALIDATION_FAILED' }],
  ['oddly coded', { code: 'lower case' }],
  ['coded by number', { code: 7 }],
  ['coded by nothing', { code: null }],
  ['long '.repeat(100), { code: 'TOO_LONG' }],
  ['\u2028 "\\', { code: 'ODD_TEXT', stacktrace: ['at secret.ts'] }],
]

/** The error of one field in this world, or null where it has none. */
export function generatedError(world: World, about: readonly string[]): GraphQLError | null {
  const rolled = roll(world.seed, 'error', ...about)
  if (rolled % 100 >= world.errors) return null
  const [message, extensions] = pick(FAULTS, rolled)
  return new GraphQLError(message, { extensions: extensions })
}
