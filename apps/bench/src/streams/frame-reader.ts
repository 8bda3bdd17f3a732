/** Frames of a server, which are never masked. So little code that reading costs less than what is measured. */

const OPCODE = 0x0f
const LENGTH = 0x7f
const TEXT = 1
const CLOSE = 8
const PING = 9
const PONG = 10

export interface FrameListener {
  /** A view: it is gone with the next chunk. */
  text(payload: Buffer): void
  /** Whoever does not answer with `toPongFrame` is taken for dead. */
  ping(payload: Buffer): void
  closed(code: number, reason: string): void
}

/** Cuts chunks of a socket into frames. Keeps no more than the part of a frame whose rest has not come yet. */
export class FrameReader {
  readonly #listener: FrameListener
  #rest: Buffer | null = null

  constructor(listener: FrameListener) {
    this.#listener = listener
  }

  read(chunk: Buffer): void {
    const bytes = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk
    this.#rest = null
    let at = 0
    while (at < bytes.length) {
      const head = headLength(bytes, at)
      const end = head === null ? null : at + head + payloadLength(bytes, at)
      if (head === null || end === null || end > bytes.length) {
        // A copy, as the chunk belongs to a pool.
        this.#rest = Buffer.from(bytes.subarray(at))
        return
      }
      this.#tell((bytes[at] ?? 0) & OPCODE, bytes.subarray(at + head, end))
      at = end
    }
  }

  #tell(opcode: number, payload: Buffer): void {
    if (opcode === TEXT) this.#listener.text(payload)
    if (opcode === PING) this.#listener.ping(payload)
    if (opcode === CLOSE) {
      const code = payload.length < 2 ? 1005 : payload.readUInt16BE(0)
      this.#listener.closed(code, payload.toString('utf8', 2))
    }
  }
}

/** Null while not all of it is there. */
function headLength(bytes: Buffer, at: number): number | null {
  if (bytes.length - at < 2) return null
  const length = (bytes[at + 1] ?? 0) & LENGTH
  const head = length < 126 ? 2 : length === 126 ? 4 : 10
  return bytes.length - at < head ? null : head
}

function payloadLength(bytes: Buffer, at: number): number {
  const length = (bytes[at + 1] ?? 0) & LENGTH
  if (length < 126) return length
  return length === 126 ? bytes.readUInt16BE(at + 2) : bytes.readUInt32BE(at + 6)
}

/** A text frame as a client sends it. */
export const toClientFrame = (text: string): Buffer => toFrame(TEXT, Buffer.from(text))

export const toPongFrame = (payload: Buffer): Buffer => toFrame(PONG, payload)

/** Masked, with a mask of zeros that leaves the payload as it is. */
function toFrame(opcode: number, payload: Buffer): Buffer {
  if (payload.length > 0xffff) throw new Error('A request of the measurements is never as long')
  const head =
    payload.length < 126
      ? [0x80 | opcode, 0x80 | payload.length]
      : [0x80 | opcode, 0x80 | 126, payload.length >> 8, payload.length & 0xff]
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), payload])
}
