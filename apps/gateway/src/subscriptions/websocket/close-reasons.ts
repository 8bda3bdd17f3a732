/** Why the server closes a connection; docs/clients.md says what a client does then. */
export interface CloseReason {
  readonly code: number
  /** At most 123 bytes go into a frame. */
  readonly reason: string
}

const LONGEST_REASON_BYTES = 123

/** Sentences with words of a client or of an error may be long. */
export function closeReason(code: number, sentence: string): CloseReason {
  if (Buffer.byteLength(sentence) <= LONGEST_REASON_BYTES) return { code, reason: sentence }
  let cut = sentence.slice(0, LONGEST_REASON_BYTES - 1)
  while (Buffer.byteLength(cut) > LONGEST_REASON_BYTES - 3) cut = cut.slice(0, -1)
  return { code, reason: `${cut.toWellFormed()}…` }
}

export const badMessage = (sentence: string) => closeReason(4400, sentence)
/** The protocol's own words, which clients compare. */
export const notInitialised = closeReason(4401, 'Unauthorized')
export const forbidden = (sentence: string) => closeReason(4403, sentence)
export const initTimeout = closeReason(4408, 'Connection initialisation timeout')
export const duplicateId = (id: string) => closeReason(4409, `Subscriber for ${id} already exists`)
export const secondInit = closeReason(4429, 'Too many initialisation requests')
export const slowConsumer = closeReason(4290, 'Too slow: this connection does not take what it subscribed to')
export const tooManyMessages = closeReason(4291, 'Too many messages: send fewer in a second')
export const draining = closeReason(1012, 'Reconnect: this server is going away')
export const tryLater = (sentence: string) => closeReason(1013, sentence)

export const subprotocolNotAcceptable = closeReason(4406, 'Subprotocol not acceptable')
export const legacySubprotocol = closeReason(
  4406,
  'The subprotocol graphql-ws is no longer spoken: use graphql-transport-ws',
)
