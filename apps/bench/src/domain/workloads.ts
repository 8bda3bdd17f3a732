export type WorkloadName = 'a' | 'b' | 'c'

export interface Workload {
  /** For people. */
  readonly title: string
  /** The bodies of its requests: one query, and variables of which each is different. */
  readonly bodies: readonly string[]
}

/** Enough that two requests in flight are seldom the same one. */
const VARIATIONS = 64

function workload(title: string, query: string, variables: (index: number) => object): Workload {
  const operationName = /query (\w+)/.exec(query)?.[1]
  return {
    title,
    bodies: Array.from({ length: VARIATIONS }, (_, index) =>
      JSON.stringify({ query, operationName, variables: variables(index) }),
    ),
  }
}

const TEAMS = 'home { name abbr } away { name abbr }'
const SCORE = 'clock period homeScore awayScore viewers'

export const WORKLOADS: Readonly<Record<WorkloadName, Workload>> = {
  a: workload(
    'one game with its two teams, from one subgraph',
    'query GameOne($id: ID!) { game(id: $id) { id status startsAt venue home { id name abbr city } away { id name abbr city } } }',
    (index) => ({ id: `g${index}` }),
  ),
  b: workload(
    'a board of 20 games, joined over two subgraphs',
    `query Board($offset: Int!) { games(first: 20, offset: $offset) { id status venue ${TEAMS} ${SCORE} } }`,
    (offset) => ({ offset }),
  ),
  c: workload(
    'the same board and who hosts each game, over three subgraphs one after the other',
    `query HostedBoard($offset: Int!) { games(first: 20, offset: $offset) { id status venue ${TEAMS} ${SCORE} lastPlay { text } hostUser { name handle avatarUrl } } }`,
    (offset) => ({ offset }),
  ),
}
