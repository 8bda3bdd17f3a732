import { demoStats } from '../../../../prisma/stats/seed.ts'
import type { HttpRequest } from '../load/index.ts'

const GAME =
  'id status startsAt round home { name abbreviation } away { name abbreviation } venue { name city }'

/** What everybody sees first: from stats alone. */
const BOARD = `query GameBoard($filter: GameFilter) {
  games(filter: $filter, first: 20) { edges { node { ${GAME} } } pageInfo { hasNextPage endCursor } }
}`

/** From stats alone, over several of its tables. */
const TEAM = `query TeamPage($id: ID!) {
  team(id: $id) {
    id name city abbreviation primaryColor
    roster { number isCaptain isLibero player { displayName position heightCm } }
    nextGame { ${GAME} }
    lastGame { ${GAME} }
  }
}`

/** From accounts, and then from stats for the teams and players among those followed: no page of the graph needs more hops. */
const FOLLOWED = `query FollowedPage($type: FollowTargetType) {
  me {
    id
    user { displayName avatarUrl }
    follows(type: $type, first: 20) {
      edges {
        followedAt
        node {
          __typename
          ... on User { id username avatarUrl }
          ... on Team { id name city nextGame { ${GAME} } }
          ... on Player { id displayName position number team { name abbreviation } }
        }
      }
    }
  }
}`

/** As many of each page, in turn; `token` opens the last of them. */
export function pageRequests(token: string): HttpRequest[] {
  const open = { 'content-type': 'application/json', accept: 'application/json' }
  const signedIn = { ...open, authorization: `Bearer ${token}` }
  const request = (headers: HttpRequest['headers'], query: string, variables: object) => ({
    headers,
    body: JSON.stringify({ query, operationName: /query (\w+)/.exec(query)?.[1], variables }),
  })
  const types = [null, 'TEAM', 'PLAYER', 'USER']
  return demoStats.teamIds.flatMap((teamId, index) => [
    request(open, BOARD, { filter: { teamId } }),
    request(open, TEAM, { id: teamId }),
    request(signedIn, FOLLOWED, { type: types[index % types.length] }),
  ])
}
