import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { bearer, graphClient, type GraphClient } from './graph-client.ts'
import type { RunningGraph } from './shapes/index.ts'

export interface Person {
  id: string
  password: string
  accessToken: string
  client: GraphClient
}

const BETWEEN_LOOKS_MS = 25
const PASSWORD = 'correct horse battery staple'

interface SignedUp {
  signUp:
    | { __typename: 'SignedIn'; accessToken: string; me: { user: { id: string } } }
    | { __typename: 'SignUpRefused'; message: string }
}

/** Signs up as everybody does. */
export async function signUp({ url }: Pick<RunningGraph, 'url'>, username: string): Promise<Person> {
  const { signUp: result } = await graphClient(url).ok<SignedUp>(
    `mutation SignUp($input: SignUpInput!) {
      signUp(input: $input) {
        __typename
        ... on SignedIn { accessToken me { user { id } } }
        ... on SignUpRefused { message }
      }
    }`,
    { input: { username, email: `${username}@example.org`, password: PASSWORD } },
  )
  if (result.__typename !== 'SignedIn') throw new Error(`${username} could not sign up: ${result.message}`)
  const { accessToken, me } = result
  return { id: me.user.id, password: PASSWORD, accessToken, client: graphClient(url, bearer(accessToken)) }
}

/** An administrator, as the operator's command makes the first one: behind the graph's back. */
export async function signUpAdmin(
  graph: Pick<RunningGraph, 'url' | 'adminUrl'>,
  username: string,
): Promise<Person> {
  const person = await signUp(graph, username)
  const database = new pg.Client({ connectionString: graph.adminUrl('accounts') })
  await database.connect()
  try {
    await database.query(`INSERT INTO user_roles (user_id, role) VALUES ($1, 'admin')`, [person.id])
  } finally {
    await database.end()
  }
  return eventually(async () => {
    const { me } = await person.client.ok<{ me: { roles: string[] } }>('{ me { roles } }')
    return me.roles.includes('ADMIN') ? person : undefined
  })
}

/** What is true only after a cache of a second has run out: asked for again until it is. */
export async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  const giveUpAt = Date.now() + 10_000
  for (;;) {
    const seen = await look()
    if (seen !== undefined) return seen
    // Not to be taken for a flood by the gateway.
    await pause(BETWEEN_LOOKS_MS)
    if (Date.now() > giveUpAt) throw new Error(`It did not come true within ten seconds: ${look.toString()}`)
  }
}
