import type { IncomingMessage } from 'node:http'

/**
 * Answers leave a connection in the order of their requests. So whatever is asked behind a stream would be worked out
 * at once, and wait in memory for as long as its client likes to read the stream.
 */
export interface AnswerOrder {
  /** The place of a request on its connection; null when that one carries a stream already. */
  enter(request: IncomingMessage): number | null
  /** The answer becomes a stream, and the last one of its connection. False: more has been asked for behind it. */
  reserve(request: IncomingMessage, place: number): boolean
  /** It has become an answer like any other after all. */
  release(request: IncomingMessage, place: number): void
}

const STREAM = -1

export function createAnswerOrder(): AnswerOrder {
  /** The place of the newest request. No request is kept: a connection may be idle for long. */
  const newest = new WeakMap<IncomingMessage['socket'], number>()
  let places = 0
  return {
    enter({ socket }) {
      if (newest.get(socket) === STREAM) return null
      places += 1
      newest.set(socket, places)
      return places
    },
    reserve({ socket }, place) {
      if (newest.get(socket) !== place) return false
      newest.set(socket, STREAM)
      return true
    },
    release({ socket }, place) {
      newest.set(socket, place)
    },
  }
}
