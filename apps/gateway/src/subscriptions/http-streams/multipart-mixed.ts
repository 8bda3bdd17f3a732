import type { PublicError } from '../../errors/index.ts'
import type { Payload } from '../hub/index.ts'
import { DRAINING } from './interruptions.ts'
import type { StreamFormat } from './stream-format.ts'

/**
 * Each part ends with the delimiter of the next one, so that a client need not wait for the next to know that it has
 * this one whole.
 */
const DELIMITER = '\r\n--graphql'
const HEADER = '\r\ncontent-type: application/json\r\n\r\n'
const LAST = '--\r\n'

const PAYLOAD = Buffer.from(`${HEADER}{"payload":`)
const NEXT = Buffer.from(`}${DELIMITER}`)

/** Apollo's protocol for subscriptions over HTTP: multipart/mixed with subscriptionSpec=1.0. */
export const multipartMixed: StreamFormat = {
  contentType: 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0',
  opening: Buffer.from(DELIMITER),
  heartbeat: Buffer.from(`${HEADER}{}${DELIMITER}`),
  heartbeatMs: 5_000,
  encode: encodeParts,
  answered: (body) => lastPart(`{"payload":${body}}`),
  completed: Buffer.from(LAST),
  failed: (errors) => lastPart(JSON.stringify({ payload: null, errors })),
  interrupted,
  drained: interrupted(DRAINING),
}

function interrupted(error: PublicError): Buffer {
  return lastPart(JSON.stringify({ payload: null, errors: [error] }))
}

function lastPart(body: string): Buffer {
  return Buffer.from(`${HEADER}${body}${DELIMITER}${LAST}`)
}

function encodeParts(payloads: readonly Payload[]): Buffer {
  return Buffer.concat(payloads.flatMap(({ text }) => [PAYLOAD, text, NEXT]))
}
