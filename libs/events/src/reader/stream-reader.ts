import { assertNever, DomainError } from '@courtside/kernel'
import { type CursorCodec, type Place, toResume } from '../cursor/index.ts'
import type { Fact } from '../fact.ts'
import { followStream, type Position, type StreamHub } from '../hub/index.ts'
import { type Gap, type Snapshot, type StreamItem, type StreamItems } from './stream-item.ts'

export interface ReadOptions<Value> {
  stream: string
  /** The cursor that a client came back with; null begins with a snapshot. */
  after: string | null
  snapshot(): Promise<Snapshot<Value>>
  /** What to throw when there is nothing to take a snapshot of. */
  missing(): DomainError
  /** Whether nothing can come after this fact. Default: something always can. */
  isLast?(fact: Fact): boolean
}

/** What a subscription to a stream is made of: a snapshot and every fact after it, or every fact after a cursor. */
export interface StreamReader {
  /**
   * Throws a `DomainError` when it cannot begin: the cursor is not one of this stream, or there is no such thing.
   * Where facts are missing, the next item is a snapshot that says so. When the hub drains, `next` throws
   * `STREAM_INTERRUPTED`: what ended has not come to its end.
   */
  read<Value>(options: ReadOptions<Value>): Promise<StreamItems<Value>>
}

export interface StreamReaderOptions {
  hub: Pick<StreamHub, 'subscribe'>
  cursors: CursorCodec
}

/** Where somebody begins: after a place whose facts are there, or with a snapshot. */
type Beginning<Value> =
  | { readonly with: 'facts'; readonly after: Position; readonly isOver: boolean }
  | { readonly with: 'snapshot'; readonly snapshot: Snapshot<Value>; readonly gap: Gap | null }

export function createStreamReader({ hub, cursors }: StreamReaderOptions): StreamReader {
  return {
    async read<Value>(options: ReadOptions<Value>) {
      const place = options.after === null ? null : placeOf(cursors, options.after, options.stream)
      const beginning = toBeginning(place, await options.snapshot())
      // Before anything is told, so that it can still be refused.
      if (beginning.with === 'snapshot' && beginning.snapshot.value === null) throw options.missing()
      return createItems({ ...options, hub, cursors, beginning })
    },
  }
}

function toBeginning<Value>(place: Place | null, snapshot: Snapshot<Value>): Beginning<Value> {
  if (place === null) return { with: 'snapshot', snapshot, gap: null }
  const resume = toResume(place, snapshot.head ?? undefined)
  switch (resume.outcome) {
    case 'resume': {
      // What is gone adds nothing to its stream, and there may be nothing left that would say so.
      const isOver = snapshot.value === null && place.seq >= (snapshot.head?.seq ?? 0)
      return { with: 'facts', after: place, isOver }
    }
    case 'gap':
      return { with: 'snapshot', snapshot, gap: { reason: 'RETENTION' } }
    case 'reset':
    case 'ahead':
      return { with: 'snapshot', snapshot, gap: { reason: 'RESTORED' } }
    default:
      return assertNever(resume)
  }
}

interface ItemsOptions<Value> extends ReadOptions<Value>, StreamReaderOptions {
  beginning: Beginning<Value>
}

function createItems<Value>(options: ItemsOptions<Value>): StreamItems<Value> {
  const { stream, hub, cursors, snapshot, missing, isLast, beginning } = options
  let following: ReturnType<typeof followStream> | null = null
  let isLeft = false

  const at = ({ epoch, seq }: Position) => {
    const place = { stream, epoch, seq }
    return { place, cursor: cursors.encode(place) }
  }

  async function* factsAfter(after: Position): AsyncGenerator<StreamItem<Value>, Gap | null, void> {
    following = followStream(hub, { stream, from: after })
    for await (const step of following) {
      // Leaving the loop ends the iterator: the snapshot that comes next has a head of its own to go on from.
      if (step.kind === 'gap') return { reason: 'RETENTION' }
      if (step.kind === 'reset') return { reason: 'RESTORED' }
      yield { kind: 'fact', fact: step.fact, ...at(step.fact) }
      if (isLast?.(step.fact)) return null
    }
    if (isLeft) return null
    throw interrupted()
  }

  async function* items(): AsyncGenerator<StreamItem<Value>, undefined, void> {
    let next = beginning
    for (;;) {
      if (next.with === 'snapshot') {
        const { value, head } = next.snapshot
        if (value === null) throw missing()
        const after = head ?? { epoch: 0, seq: 0 }
        yield { kind: 'snapshot', value, gap: next.gap, ...at(after) }
        next = { with: 'facts', after, isOver: false }
      }
      if (next.isOver || isLeft) return
      const gap: Gap | null = yield* factsAfter(next.after)
      if (gap === null || isLeft) return
      next = { with: 'snapshot', snapshot: await snapshot(), gap }
    }
  }

  const told = items()
  return {
    next: () => told.next(),
    async return() {
      isLeft = true
      // A generator that waits cannot be ended. This ends what it waits for.
      await following?.return?.()
      await told.return(undefined)
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/** The stream goes on, elsewhere. Whoever passes it on to clients opens it again, and they notice nothing. */
const interrupted = () =>
  new DomainError({
    kind: 'unavailable',
    code: 'STREAM_INTERRUPTED',
    message: 'This process closes. Subscribe again with the last cursor.',
  })

function placeOf(cursors: CursorCodec, cursor: string, stream: string): Place {
  const decoded = cursors.decode(cursor, stream)
  switch (decoded.outcome) {
    case 'place':
      return decoded.place
    case 'invalid':
      throw new DomainError({
        kind: 'invalid',
        code: 'CURSOR_INVALID',
        message:
          'after: this is no cursor of ours, or it is too old. Send one exactly as an event of this subscription gave it, or leave it out to begin with a snapshot.',
      })
    case 'foreign':
      throw new DomainError({
        kind: 'invalid',
        code: 'CURSOR_FOREIGN',
        message:
          'after: this cursor is of another subscription. Send one that an event with the same arguments gave, or leave it out to begin with a snapshot.',
      })
    default:
      return assertNever(decoded)
  }
}
