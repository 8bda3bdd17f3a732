import type { CredentialHeaders } from '../../authentication/index.ts'
import { BadMessage } from './client-messages.ts'

type Json = Readonly<Record<string, unknown>>

const AUTHORIZATION = ['authorization', 'Authorization']
const API_KEY = ['x-api-key', 'X-Api-Key', 'X-API-Key']

/**
 * The credential in the payload of a message, or among its `headers`; null when there is none. Browsers cannot set
 * headers of a WebSocket, so clients send them so.
 */
export function sentCredential(payload: Json): CredentialHeaders | null {
  const inner = Object.hasOwn(payload, 'headers') ? payload['headers'] : null
  return credentialAmong(payload) ?? (isObject(inner) ? credentialAmong(inner) : null)
}

function credentialAmong(given: Json): CredentialHeaders | null {
  const authorization = textAmong(given, AUTHORIZATION)
  const apiKey = textAmong(given, API_KEY)
  return authorization === undefined && apiKey === undefined ? null : { authorization, 'x-api-key': apiKey }
}

/** Only what stands in the message itself: what every object inherits is no credential. */
function textAmong(given: Json, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = Object.hasOwn(given, name) ? given[name] : null
    if (typeof value === 'string') return value
    // Taken for none, it would make an anonymous caller of somebody who meant to sign in.
    if (value !== null && value !== undefined) throw new BadMessage(`${name} must be text`)
  }
  return undefined
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
