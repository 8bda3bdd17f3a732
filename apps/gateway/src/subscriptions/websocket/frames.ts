import type { Payload } from '../hub/index.ts'

const TEXT = 0x81
const SHORT = 126
const MEDIUM = 127

/** A text frame of a server: whole, unmasked, never compressed. */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const frame = Buffer.allocUnsafe(headerLength(length) + length)
  frame.write(text, writeHeader(frame, 0, length))
  return frame
}

export function headerLength(length: number): number {
  return length < SHORT ? 2 : length < 65_536 ? 4 : 10
}

/** Returns where the text begins. */
function writeHeader(frame: Buffer, at: number, length: number): number {
  frame[at] = TEXT
  if (length < SHORT) {
    frame[at + 1] = length
    return at + 2
  }
  if (length < 65_536) {
    frame[at + 1] = SHORT
    return frame.writeUInt16BE(length, at + 2)
  }
  frame[at + 1] = MEDIUM
  return frame.writeUInt32BE(length, frame.writeUInt32BE(0, at + 2))
}

const HEAD = '{"id":"'
const MIDDLE = '","type":"next","payload":'
const TAIL = '}'
const AROUND = HEAD.length + MIDDLE.length + TAIL.length

/** The `next` messages of a batch, one frame behind the other, with a hole for the id in each. */
interface Template {
  bytes: Buffer
  readonly holes: readonly number[]
}

/** Ids of clients have 36 letters or few. Were all lengths kept, a client could make us keep a copy for each. */
const LONGEST_KEPT_ID = 64

/**
 * The frames of one batch for clients that differ in nothing but their ids. Made once for each length of id: then the
 * id of each client is put into the holes, and the bytes are written.
 */
export class BatchFrames {
  readonly #payloads: readonly Payload[]
  readonly #templates: (Template | undefined)[] = []

  constructor(payloads: readonly Payload[]) {
    this.#payloads = payloads
  }

  /**
   * Good until the next call, unless `keep` says that somebody still has to read it. `id` is what stands between the
   * quotation marks, in ASCII.
   */
  of(id: string): Buffer {
    const { bytes, holes } = this.#templateFor(id.length)
    for (const hole of holes) bytes.write(id, hole, 'latin1')
    return bytes
  }

  /** A socket still holds what `of` gave for this id: the next one gets a copy. */
  keep(id: string): void {
    const template = this.#templates[id.length]
    if (template) template.bytes = Buffer.from(template.bytes)
  }

  #templateFor(idLength: number): Template {
    const kept = this.#templates[idLength]
    if (kept) return kept
    const made = createTemplate(this.#payloads, idLength)
    if (idLength <= LONGEST_KEPT_ID) this.#templates[idLength] = made
    return made
  }
}

/** One function for all, by which a batch knows its frames again. */
export const encodeFrames = (payloads: readonly Payload[]) => new BatchFrames(payloads)

function createTemplate(payloads: readonly Payload[], idLength: number): Template {
  const lengths = payloads.map(({ text }) => AROUND + idLength + text.length)
  const bytes = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + headerLength(length) + length, 0))
  const holes: number[] = []
  let at = 0
  payloads.forEach(({ text }, index) => {
    at = writeHeader(bytes, at, lengths[index] ?? 0)
    at += bytes.write(HEAD, at, 'latin1')
    holes.push(at)
    at += idLength
    at += bytes.write(MIDDLE, at, 'latin1')
    at += text.copy(bytes, at)
    at += bytes.write(TAIL, at, 'latin1')
  })
  return { bytes, holes }
}

/** An id as it stands in JSON, in ASCII alone, so that a letter is a byte. */
export function idInJson(id: string): string {
  const quoted = JSON.stringify(id)
  return quoted
    .slice(1, -1)
    .replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

export const nextFrame = (id: string, body: string) => textFrame(`${HEAD}${id}${MIDDLE}${body}${TAIL}`)
export const completeFrame = (id: string) => textFrame(`{"id":"${id}","type":"complete"}`)
export const errorFrame = (id: string, errors: unknown) =>
  textFrame(`{"id":"${id}","type":"error","payload":${JSON.stringify(errors)}}`)

export const ACK = textFrame('{"type":"connection_ack"}')
export const PONG = textFrame('{"type":"pong"}')
