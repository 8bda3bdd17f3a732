import { bearer, graphClient } from '../../graph-client.ts'
import type { Person } from '../../people.ts'
import { isAway } from '../away.ts'

/** What became of one attempt of a mutation. */
export type Attempt<Data> =
  | { kind: 'done'; data: Data }
  /** It had no effect, and says why. */
  | { kind: 'refused'; code: string; details: Readonly<Record<string, unknown>> }
  /** Nobody knows whether it had an effect: to be sent again as it was. */
  | { kind: 'unknown'; code: string }

/** Sends a mutation once. */
export type SendMutation = <Data>(query: string, variables: object) => Promise<Attempt<Data>>

export interface Writing {
  url: string
  writer: Person
  /** The name that the writer signs in by. */
  login: string
}

/** Longer than a gateway lets any request take. */
const LONGEST_ANSWER_MS = 25_000

/** Access tokens live for five minutes. */
const TOKEN_LIFETIME_MS = 4 * 60_000

const SIGN_IN = `mutation SignIn($input: SignInInput!) {
  signIn(input: $input) { ... on SignedIn { accessToken } }
}`

export function createMutationSender({ url, writer, login }: Writing): SendMutation {
  let token = { text: writer.accessToken, until: Date.now() + TOKEN_LIFETIME_MS }
  const renewToken = async () => {
    const input = { login, password: writer.password }
    const { data } = await graphClient(url).send<{ signIn: { accessToken?: string } }>(SIGN_IN, { input })
    const text = data?.signIn.accessToken
    if (text !== undefined) token = { text, until: Date.now() + TOKEN_LIFETIME_MS }
  }
  return async <Data>(query: string, variables: object): Promise<Attempt<Data>> => {
    try {
      if (Date.now() > token.until) await renewToken()
      const answer = await withLimit(graphClient(url, bearer(token.text)).send<Data>(query, variables))
      const [error] = answer.errors
      if (!error && answer.data !== null) return { kind: 'done', data: answer.data }
      const details: Readonly<Record<string, unknown>> = error?.extensions ?? {}
      const code = error?.extensions.code ?? `HTTP ${answer.status}`
      if (isAway(code, details)) return { kind: 'unknown', code }
      return { kind: 'refused', code, details }
    } catch (error) {
      return { kind: 'unknown', code: describe(error) }
    }
  }
}

async function withLimit<T>(answer: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const limit = setTimeout(() => reject(new Error('no answer in time')), LONGEST_ANSWER_MS)
  try {
    return await Promise.race([answer, promise])
  } finally {
    clearTimeout(limit)
  }
}

function describe(error: unknown): string {
  const { cause } = error instanceof Error ? error : {}
  const innermost = cause instanceof Error ? cause : error
  if (!(innermost instanceof Error)) return String(innermost)
  return 'code' in innermost && typeof innermost.code === 'string' ? innermost.code : innermost.message
}
