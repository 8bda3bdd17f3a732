import { type CloseReason, badMessage } from './close-reasons.ts'

type Json = Readonly<Record<string, unknown>>

export type ClientMessage =
  | { readonly type: 'connection_init' | 'ping' | 'pong'; readonly payload: Json }
  | { readonly type: 'subscribe'; readonly id: string; readonly payload: Json }
  | { readonly type: 'complete'; readonly id: string }

const LONGEST_ID = 128

/** Thrown for what graphql-transport-ws does not know: the connection is closed with it. */
export class BadMessage extends Error {
  override readonly name = 'BadMessage'
  readonly close: CloseReason

  constructor(sentence: string) {
    super(sentence)
    this.close = badMessage(sentence)
  }
}

/** Reads what a client sent, believing nothing. Of `payload` only is said that it is an object. */
export function readMessage(text: string): ClientMessage {
  const message = parse(text)
  if (!isObject(message)) throw new BadMessage('A message must be a JSON object')
  const { type } = message
  switch (type) {
    case 'connection_init':
    case 'ping':
    case 'pong':
      return { type, payload: optionalObject('payload', message['payload']) }
    case 'subscribe': {
      const id = readId(message)
      const { payload } = message
      if (!isObject(payload)) throw new BadMessage('A subscribe message must have an object as its payload')
      return { type, id, payload: readOperation(payload) }
    }
    case 'complete':
      return { type, id: readId(message) }
    default:
      throw new BadMessage(
        typeof type === 'string'
          ? `A client sends no message of the type "${type.slice(0, 40)}"`
          : 'A message must say its type',
      )
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new BadMessage('A message must be JSON')
  }
}

function readId({ id }: Json): string {
  if (typeof id !== 'string' || id === '') throw new BadMessage('The id of an operation must be text')
  if (id.length > LONGEST_ID) {
    throw new BadMessage(`The id of an operation may have at most ${LONGEST_ID} characters`)
  }
  return id
}

/** The types that the protocol gives the parts of an operation. A known document may be named in place of sent. */
function readOperation(payload: Json): Json {
  const { query, operationName, documentId, id } = payload
  const extensions = optionalObject('extensions', payload['extensions'])
  optionalObject('variables', payload['variables'])
  const isNamed = [documentId, id, extensions['persistedQuery']].some((name) => name !== undefined)
  if (typeof query !== 'string' && !(isNamed && (query === undefined || query === null))) {
    throw new BadMessage('The query of a subscribe message must be text')
  }
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') {
    throw new BadMessage('The operationName of a subscribe message must be text')
  }
  return payload
}

function optionalObject(name: string, value: unknown): Json {
  if (value === undefined || value === null) return {}
  if (!isObject(value)) throw new BadMessage(`The ${name} of a message must be an object`)
  return value
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
