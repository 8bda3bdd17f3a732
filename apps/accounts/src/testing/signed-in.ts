import { randomUUID } from 'node:crypto'
import { principals, type SubgraphClient } from '@courtside/testing'
import { decodeJwt } from 'jose'
import type { AccountsHarness } from './open-accounts.ts'

export const PASSWORD = 'block the line'

export interface SignedInAnswer {
  __typename: 'SignedIn'
  accessToken: string
  accessTokenExpiresAt: string
  refreshToken: string
  refreshTokenExpiresAt: string
  me: { id: string; email: string | null; roles: string[]; user: { username: string } }
}

export interface RefusedAnswer {
  __typename: 'SignInRefused' | 'SignUpRefused' | 'SessionOver'
  code: string
  message: string
  field?: string | null
  retryAfterSeconds?: number | null
}

export type Answer = SignedInAnswer | RefusedAnswer

export const SIGNED_IN = `... on SignedIn {
  __typename accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt
  me { id email roles user { username } }
}`
export const SIGN_UP = `mutation ($input: SignUpInput!) {
  result: signUp(input: $input) { ${SIGNED_IN} ... on SignUpRefused { __typename code message field retryAfterSeconds } }
}`
export const SIGN_IN = `mutation ($input: SignInInput!) {
  result: signIn(input: $input) { ${SIGNED_IN} ... on SignInRefused { __typename code message retryAfterSeconds } }
}`
export const REFRESH = `mutation ($input: RefreshSessionInput!) {
  result: refreshSession(input: $input) { ${SIGNED_IN} ... on SessionOver { __typename code message } }
}`

/** As a client of `address`, whom nobody knows. */
export function stranger(accounts: AccountsHarness, address?: string, agent?: string): SubgraphClient {
  return accounts.as(principals.anonymous, {
    ...(address !== undefined && { 'x-courtside-client-address': address }),
    ...(agent !== undefined && { 'x-courtside-client-agent': agent }),
  })
}

export async function ask(client: SubgraphClient, document: string, input: object): Promise<Answer> {
  return (await client.ok<{ result: Answer }>(document, { input })).result
}

export function signedIn(answer: Answer): SignedInAnswer {
  if (answer.__typename !== 'SignedIn') throw new Error(`Refused: ${JSON.stringify(answer)}`)
  return answer
}

export function refused(answer: Answer): RefusedAnswer {
  if (answer.__typename === 'SignedIn') throw new Error(`Signed in as ${answer.me.user.username}`)
  return answer
}

/** Somebody with a password and a session, and a way to ask as them in that session. */
export interface Member extends SubgraphClient {
  id: string
  username: string
  email: string
  sessionId: string
  accessToken: string
  refreshToken: string
}

export async function join(accounts: AccountsHarness, name = 'anna'): Promise<Member> {
  const username = `${name}-${randomUUID().slice(0, 8)}`
  const email = `${username}@example.com`
  const answer = await ask(stranger(accounts), SIGN_UP, { username, email, password: PASSWORD })
  return toMember(accounts, signedIn(answer), email)
}

export async function signInAgain(accounts: AccountsHarness, { username, email }: Member): Promise<Member> {
  const answer = await ask(stranger(accounts), SIGN_IN, { login: username, password: PASSWORD })
  return toMember(accounts, signedIn(answer), email)
}

export function sessionIdOf({ accessToken }: SignedInAnswer): string {
  return String(decodeJwt(accessToken)['sid'])
}

function toMember(accounts: AccountsHarness, answer: SignedInAnswer, email: string): Member {
  const { id, user } = answer.me
  const sessionId = sessionIdOf(answer)
  const client = accounts.as({ ...principals.user('viewer', id), sessionId })
  const { accessToken, refreshToken } = answer
  return { id, username: user.username, email, sessionId, accessToken, refreshToken, ...client }
}
