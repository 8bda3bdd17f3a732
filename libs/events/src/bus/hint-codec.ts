import type { Fact } from '../fact.ts'
import { type BareHint, type Hint, isFact } from './hint.ts'

/** One hint as the bus carries it. */
export interface EncodedHint {
  readonly text: string
  readonly bytes: number
}

/** Longer messages are nobody's of ours, and are not even parsed. */
const LONGEST_MESSAGE = 1 << 20
const LONGEST_STREAM = 200

/** A fact whose text is longer than `largestFact` bytes, or which has no text at all, travels as a bare hint. */
export function encodeHint(hint: Hint, largestFact: number): EncodedHint {
  if (isFact(hint)) {
    const whole = textOf(hint)
    const bytes = whole === null ? Infinity : Buffer.byteLength(whole)
    if (whole !== null && bytes <= largestFact) return { text: whole, bytes }
  }
  const text = JSON.stringify([hint.stream, hint.epoch, hint.seq])
  return { text, bytes: Buffer.byteLength(text) }
}

function textOf(fact: Fact): string | null {
  const { stream, epoch, seq, type, occurredAt, recordedAt, mediaTimeMs, payload } = fact
  try {
    return JSON.stringify([stream, epoch, seq, type, +occurredAt, +recordedAt, mediaTimeMs, payload])
  } catch {
    // A cycle or a bigint. The log keeps what it can make of it, and that is what readers shall see.
    return null
  }
}

/** As few messages as fit, in order. What is too long by itself is left out: nothing depends on a hint. */
export function packMessages(sender: string, hints: readonly EncodedHint[], longest: number): string[] {
  const frame = Buffer.byteLength(sender) + ' []'.length
  const messages: string[] = []
  let texts: string[] = []
  let bytes = frame
  const flush = () => {
    if (texts.length > 0) messages.push(`${sender} [${texts.join(',')}]`)
    texts = []
    bytes = frame
  }
  for (const hint of hints) {
    if (frame + hint.bytes > longest) continue
    if (bytes + hint.bytes + 1 > longest) flush()
    texts.push(hint.text)
    bytes += hint.bytes + 1
  }
  flush()
  return messages
}

/** Who sent a message is told apart without parsing it: a process hears all its own messages again. */
export const isSentBy = (sender: string, message: string): boolean => message.startsWith(`${sender} `)

/** The hints of a message that are any. Whatever else somebody puts on the channel is no reason to stop. */
export function decodeMessage(message: string): Hint[] {
  if (message.length > LONGEST_MESSAGE) return []
  const list = parse(message.slice(message.indexOf(' ') + 1))
  if (!Array.isArray(list)) return []
  return list.map(toHint).filter((hint) => hint !== null)
}

export function decodeHint(text: string): Hint | null {
  return toHint(parse(text))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function toHint(value: unknown): Hint | null {
  if (!Array.isArray(value)) return null
  const [stream, epoch, seq, type, occurredAt, recordedAt, mediaTimeMs, payload] = value as unknown[]
  if (!isStream(stream) || !isCount(epoch) || !isCount(seq) || seq === 0) return null
  const bare: BareHint = { stream, epoch, seq }
  if (value.length === 3) return bare
  if (value.length !== 8 || typeof type !== 'string' || !isTime(occurredAt) || !isTime(recordedAt))
    return null
  if (mediaTimeMs !== null && !Number.isFinite(mediaTimeMs)) return null
  return {
    ...bare,
    type,
    payload,
    occurredAt: new Date(occurredAt),
    recordedAt: new Date(recordedAt),
    mediaTimeMs: mediaTimeMs as number | null,
  }
}

const isStream = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= LONGEST_STREAM
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
/** Days either side of 1970 that a Date can hold, as ECMAScript sets them. */
const LATEST_TIME = 8.64e15
const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Math.abs(value) <= LATEST_TIME
