import type { Telling } from '../operation/index.ts'
import type { Payload } from './batch.ts'

const NOTHING = Buffer.alloc(0)

/** Where an event stands; an event without a mark stands where the one before it does. */
export interface EntryPlace {
  readonly cursor: string | null
  /** -1 where it is not known. */
  readonly epoch: number
  readonly seq: number
}

/** One event on its way to the clients: first its place, then its text. */
export class Entry implements Payload {
  readonly cursor: string | null
  readonly epoch: number
  readonly seq: number
  readonly isSnapshot: boolean
  /** What it is the newest state of. */
  readonly key: string
  readonly receivedAt: number
  text: Buffer = NOTHING
  isComplete = false
  /** What it would have to be told with: errors and no data. It is to be read again instead. */
  trouble: Telling | null = null

  constructor(place: EntryPlace, isSnapshot: boolean, key: string, receivedAt: number) {
    this.cursor = place.cursor
    this.epoch = place.epoch
    this.seq = place.seq
    this.isSnapshot = isSnapshot
    this.key = key
    this.receivedAt = receivedAt
  }

  complete(text: string): void {
    // Of its own: a part of a pool of Node would keep all 64 KB of it for as long as this event is remembered.
    this.text = Buffer.allocUnsafeSlow(Buffer.byteLength(text))
    this.text.write(text)
    this.isComplete = true
  }
}
