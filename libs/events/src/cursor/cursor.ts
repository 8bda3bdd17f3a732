import { createHmac, timingSafeEqual } from 'node:crypto'
import { StartupError } from '@courtside/kernel'

/** Where a client stands in a stream: it has everything up to `seq`. */
export interface Place {
  readonly stream: string
  readonly epoch: number
  readonly seq: number
}

export interface CursorKey {
  /** From 0 to 255, never used for another secret as long as cursors of it are about. */
  readonly id: number
  /** At least 32 bytes. */
  readonly secret: Uint8Array
}

export type DecodedCursor =
  | { readonly outcome: 'place'; readonly place: Place }
  /** Not made by us, changed since, or of a key that is gone. */
  | { readonly outcome: 'invalid' }
  /** Ours, but of another stream than the one asked for. */
  | { readonly outcome: 'foreign' }

export interface CursorCodec {
  /** Opaque, URL-safe, at most 120 letters. */
  encode(place: Place): string
  /** A cursor as a client sent it, for that stream. */
  decode(cursor: string, stream: string): DecodedCursor
}

const LONGEST_CURSOR = 120
const SHORTEST_SECRET_BYTES = 32
/** One guess in 2^96 is right, and each costs a request. */
const SIGNATURE_BYTES = 12
/** The rest of the keys' use must never sign what reads as a cursor. */
const PURPOSE = 'courtside cursor 1\0'

/** Signs with the first key and knows cursors of all: a new key is put first, the old one goes when its cursors have. */
export function createCursorCodec({ keys }: { keys: readonly CursorKey[] }): CursorCodec {
  const [current] = keys
  if (current === undefined) throw new StartupError('No key signs cursors.\nGive at least one.')
  const byId = new Map(keys.map((key) => [key.id, key]))
  if (byId.size < keys.length) {
    throw new StartupError('Two keys that sign cursors have the same id.\nGive each an id of its own.')
  }
  for (const { id, secret } of keys) {
    if (!Number.isInteger(id) || id < 0 || id > 255) {
      throw new StartupError(`A key that signs cursors has the id ${id}.\nIt must be from 0 to 255.`)
    }
    if (secret.byteLength < SHORTEST_SECRET_BYTES) {
      throw new StartupError(
        `The key ${id} that signs cursors is too short.\nGive at least ${SHORTEST_SECRET_BYTES} random bytes.`,
      )
    }
  }

  return {
    encode(place) {
      const content = Buffer.concat([Buffer.of(current.id), toBytes(place)])
      const cursor = Buffer.concat([content, sign(content, current)]).toString('base64url')
      if (cursor.length > LONGEST_CURSOR) throw new Error(`The name ${place.stream} is too long for a cursor`)
      return cursor
    },

    decode(cursor, stream) {
      if (cursor.length > LONGEST_CURSOR) return { outcome: 'invalid' }
      const bytes = Buffer.from(cursor, 'base64url')
      // The decoder skips what is not base64 and drops spare bits: only one text may stand for one cursor.
      if (bytes.toString('base64url') !== cursor) return { outcome: 'invalid' }
      const key = byId.get(bytes[0] ?? -1)
      if (key === undefined || bytes.length <= SIGNATURE_BYTES) return { outcome: 'invalid' }
      const content = bytes.subarray(0, -SIGNATURE_BYTES)
      if (!timingSafeEqual(bytes.subarray(-SIGNATURE_BYTES), sign(content, key)))
        return { outcome: 'invalid' }
      const place = fromBytes(content.subarray(1))
      return place.stream === stream ? { outcome: 'place', place } : { outcome: 'foreign' }
    },
  }
}

const sign = (content: Uint8Array, { secret }: CursorKey) =>
  createHmac('sha256', secret).update(PURPOSE).update(content).digest().subarray(0, SIGNATURE_BYTES)

const toBytes = ({ stream, epoch, seq }: Place) =>
  Buffer.concat([Buffer.from(toVarint(epoch)), Buffer.from(toVarint(seq)), Buffer.from(stream, 'utf8')])

/** Of signed content only: whatever else comes in has been refused. */
function fromBytes(bytes: Buffer): Place {
  const epoch = fromVarint(bytes, 0)
  const seq = fromVarint(bytes, epoch.end)
  return { stream: bytes.toString('utf8', seq.end), epoch: epoch.value, seq: seq.value }
}

/** Seven bits a byte, the lowest first; the eighth says that more follow. */
function toVarint(value: number): number[] {
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`A cursor cannot hold ${value}`)
  const bytes: number[] = []
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80)
  return [...bytes, rest]
}

function fromVarint(bytes: Uint8Array, start: number): { value: number; end: number } {
  let value = 0
  let end = start
  for (let unit = 1; ; unit *= 0x80) {
    const byte = bytes[end++] ?? 0
    value += (byte & 0x7f) * unit
    if (byte < 0x80) return { value, end }
  }
}
