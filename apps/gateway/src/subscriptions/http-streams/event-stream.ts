import type { PublicError } from '../../errors/index.ts'
import type { Payload } from '../hub/index.ts'
import type { StreamFormat } from './stream-format.ts'

const NEXT = Buffer.from('event: next\n')
const DATA = Buffer.from('data: ')
const END = Buffer.from('\n\n')
const COMPLETE = 'event: complete\ndata: \n\n'

/** What may stand in a line of the stream, and comes back in the header Last-Event-ID. */
const PLAIN = /^[\x21-\x7e]+$/
const NEW_LINE = 10
const CARRIAGE_RETURN = 13
const SPACE = 32

/** Server-sent events, as the distinct connections mode of graphql-sse has them. */
export const eventStream: StreamFormat = {
  contentType: 'text/event-stream; charset=utf-8',
  opening: Buffer.from(':\n\n'),
  heartbeat: Buffer.from(':\n\n'),
  heartbeatMs: 20_000,
  encode: encodeEvents,
  answered: (body) => Buffer.from(`event: next\ndata: ${body}\n\n${COMPLETE}`),
  completed: Buffer.from(COMPLETE),
  failed: (errors) => Buffer.from(nextOf(errors) + COMPLETE),
  // Without `complete` an EventSource comes back by itself, and the client of graphql-sse tries again.
  interrupted: (error) => Buffer.from(nextOf([error])),
  drained: null,
}

function nextOf(errors: readonly PublicError[]): string {
  return `event: next\ndata: ${JSON.stringify({ errors })}\n\n`
}

function encodeEvents(payloads: readonly Payload[]): Buffer {
  const parts: Buffer[] = []
  for (const { text, cursor } of payloads) {
    parts.push(NEXT)
    if (cursor !== null && PLAIN.test(cursor)) parts.push(Buffer.from(`id: ${cursor}\n`))
    parts.push(DATA, inOneLine(text), END)
  }
  return Buffer.concat(parts)
}

/** Between the values of JSON a new line is a space; within them there is none. Here it would end the event. */
function inOneLine(text: Buffer): Buffer {
  if (!text.includes(NEW_LINE) && !text.includes(CARRIAGE_RETURN)) return text
  return Buffer.from(text.map((byte) => (byte === NEW_LINE || byte === CARRIAGE_RETURN ? SPACE : byte)))
}
