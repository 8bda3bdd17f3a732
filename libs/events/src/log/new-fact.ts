import { DomainError, isUuid } from '@courtside/kernel'

/** What a module hands in to be appended. */
export interface NewFact {
  /** `<kind>:<id>`, at most 64 letters, for example `game:0190…`. */
  readonly stream: string
  /** The command's idempotency key: the same key in the same stream is the same fact, however often it is sent. */
  readonly key: string
  /** For example `rally-won`. */
  readonly type: string
  /** Whatever JSON can hold, at most 64 KB. */
  readonly payload: unknown
  /** Of the payload's shape. Default: 1. */
  readonly payloadVersion?: number
  readonly occurredAt: Date
  /** Position in the video, in milliseconds. */
  readonly mediaTimeMs?: number | null
  /** The sequence number of the last fact that whoever decided this had seen; 0 for none. Default: any. */
  readonly expectedVersion?: number
  /** On whose behalf. */
  readonly actor?: {
    readonly kind: string
    readonly userId: string | null
    readonly apiKeyId: string | null
    readonly service: string | null
  }
  readonly requestId?: string
  readonly traceId?: string
}

const STREAM = /^[a-z][a-z-]{0,22}:[A-Za-z0-9._-]{1,40}$/
/** A fact travels on the bus and stands in the memory of every hub. */
const LARGEST_PAYLOAD = 64 * 1024
const LONGEST_MEDIA_TIME_MS = 2 ** 31 - 1
/** Postgres keeps texts of valid Unicode without NUL; JSON may escape both. Two backslashes are one of the text. */
const NOT_STORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/

/** One element of what `append_facts` takes, as JSON. What Postgres would refuse is refused here, in words. */
export function toEntryJson(fact: NewFact): string {
  // Streams are named by our own code, never by a caller.
  if (!STREAM.test(fact.stream)) throw new Error(`"${fact.stream}" cannot name a stream; write <kind>:<id>`)
  if (!isUuid(fact.key)) throw invalid('The idempotency key must be a UUID. Make one for each command.')
  if (!isStorableTime(fact.occurredAt))
    throw invalid('The time at which it happened is no time that can be kept.')
  if (!isCount(fact.mediaTimeMs ?? 0, LONGEST_MEDIA_TIME_MS)) {
    throw invalid(`The position in the video must be from 0 to ${LONGEST_MEDIA_TIME_MS} milliseconds.`)
  }
  if (!isCount(fact.expectedVersion ?? 0, Number.MAX_SAFE_INTEGER)) {
    throw invalid('The expected version must be a number that the stream had, or 0 for an empty one.')
  }
  const payload = JSON.stringify(fact.payload) as string | undefined
  if (payload === undefined) throw new Error(`The payload of ${fact.type} is nothing that JSON can hold`)
  if (Buffer.byteLength(payload) > LARGEST_PAYLOAD) throw invalid('This is more than one event can hold.')
  if (NOT_STORABLE.test(payload)) throw invalid('A text holds characters that cannot be kept. Remove them.')
  const { payload: _, payloadVersion = 1, key, ...rest } = fact
  const others = JSON.stringify({ ...rest, key: key.toLowerCase(), payloadVersion })
  return `${others.slice(0, -1)},"payload":${payload}}`
}

const invalid = (message: string) => new DomainError({ kind: 'invalid', code: 'BAD_USER_INPUT', message })

const isCount = (value: number, most: number) => Number.isInteger(value) && value >= 0 && value <= most

function isStorableTime(time: Date): boolean {
  const year = time.getUTCFullYear()
  return year >= 1 && year <= 9999
}
