import { once } from 'node:events'
import { connect } from 'node:net'
import { request } from 'undici'
import type { Person } from '../people.ts'
import type { Issuer } from './issuer.ts'

/** What an attacker can reach, and what they could have come by. */
export interface Target {
  url: string
  /** Where a subgraph listens, in shapes in which one does. */
  subgraphUrl(name: string): string
  /** An ordinary person, with a good token. */
  viewer: Person
  /** An issuer that the gateway trusts, to make tokens that are good but for one thing. */
  issuer: Issuer
}

export interface Refused {
  status: number
  body: string
}

export interface Attack {
  name: string
  /** The status, and the code where the answer has a body of ours. */
  refusal: string
  /** It goes past the gateway: only where subgraphs listen by themselves. */
  direct?: true
  send(target: Target): Promise<Refused>
}

type Headers = Readonly<Record<string, string>>

export async function send(url: string, method: string, headers: Headers, body?: string): Promise<Refused> {
  const answer = await request(url, { method: method as 'POST', headers, body: body ?? null })
  return { status: answer.statusCode, body: await answer.body.text() }
}

/** With it a faulty operation has a status of its own, and a query by GET is meant. */
const meant = { accept: 'application/graphql-response+json' }

export function post(target: Target, body: unknown, headers: Headers = {}): Promise<Refused> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return send(
    `${target.url}/graphql`,
    'POST',
    { 'content-type': 'application/json', ...meant, ...headers },
    text,
  )
}

export function get(target: Target, search: string, headers: Headers = {}): Promise<Refused> {
  return send(`${target.url}/graphql?${search}`, 'GET', { ...meant, ...headers })
}

/** Sends bytes that no HTTP library would send. */
export async function sendRaw(target: Target, text: string): Promise<Refused> {
  const { hostname, port } = new URL(target.url)
  const socket = connect(Number(port), hostname)
  let answer = ''
  socket.on('data', (data) => (answer += String(data)))
  socket.on('error', () => undefined)
  socket.write(text)
  await once(socket, 'close')
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0),
    body: answer.slice(answer.indexOf('\r\n\r\n') + 4),
  }
}

/** A document, sent as everybody sends them. */
export const document = (name: string, refusal: string, query: string, variables?: object): Attack => ({
  name,
  refusal,
  send: (target) => post(target, { query, variables }),
})

/** A body that is not what it should be. */
export const body = (name: string, refusal: string, content: unknown, headers?: Headers): Attack => ({
  name,
  refusal,
  send: (target) => post(target, content, headers),
})

export const raw = (name: string, refusal: string, text: string): Attack => ({
  name,
  refusal,
  send: (target) => sendRaw(target, text),
})

export const repeat = (count: number, text: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => text(n)).join(' ')
