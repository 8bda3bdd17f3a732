import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'
import { isSubgraphAnswer } from './graphql-response.ts'
import {
  type AnswerReceiver,
  type Sending,
  TransportFailure,
  type TransportFailureKind,
} from '../subgraph-transport.ts'

/** One HTTP request and its response, as undici tells of them. */
export class HttpExchange implements Dispatcher.DispatchHandler, Sending {
  readonly #origin: string
  #receiver: AnswerReceiver | null
  /** Null until the request is written to a connection. */
  #controller: Dispatcher.DispatchController | null = null
  #status = 0
  #retryAfter: string | undefined
  #first: Buffer | null = null
  #others: Buffer[] | null = null

  constructor(origin: string, receiver: AnswerReceiver) {
    this.#origin = origin
    this.#receiver = receiver
  }

  abort(): void {
    this.#receiver = null
    this.#controller?.abort(nobodyWaits)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#receiver === null) controller.abort(nobodyWaits)
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.#status = status
    this.#retryAfter = headers['retry-after']
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    // Most answers are one chunk.
    if (this.#first === null) this.#first = chunk
    else if (this.#others === null) this.#others = [this.#first, chunk]
    else this.#others.push(chunk)
  }

  onResponseEnd(): void {
    const receiver = this.#receiver
    if (receiver === null) return
    this.#receiver = null
    const answer = this.#read()
    if (answer instanceof TransportFailure) receiver.failed(answer)
    else receiver.answered(answer)
  }

  onResponseError(_: unknown, error: Error): void {
    const receiver = this.#receiver
    if (receiver === null) return
    this.#receiver = null
    receiver.failed(
      new TransportFailure(this.#kindOf(error), `${this.#origin}: ${error.message}`, { cause: error }),
    )
  }

  #read() {
    const status = this.#status
    // 400 carries errors of the operation itself, such as a variable of the wrong type.
    if (status !== 200 && status !== 400) {
      const message = `${this.#origin} answered ${status}: ${this.#text().slice(0, 200)}`
      if (!BUSY.has(status)) return new TransportFailure('useless', message)
      return new TransportFailure('busy', message, { retryAfterSeconds: toSeconds(this.#retryAfter) })
    }
    try {
      const answer: unknown = JSON.parse(this.#text())
      if (isSubgraphAnswer(answer)) return answer
      return new TransportFailure('useless', `${this.#origin} did not answer with a GraphQL response`)
    } catch (cause) {
      return new TransportFailure('useless', `${this.#origin} did not answer with JSON`, { cause })
    }
  }

  #text(): string {
    if (this.#others !== null) return Buffer.concat(this.#others).toString()
    return this.#first === null ? '' : this.#first.toString()
  }

  #kindOf(error: Error): TransportFailureKind {
    const code = 'code' in error ? error.code : null
    if (this.#controller === null) return code === 'UND_ERR_INVALID_ARG' ? 'invalid' : 'unsent'
    // The parser gives its errors a code for some faults only, but always its name.
    const isUnreadable = error.name === 'HTTPParserError' || code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE'
    return isUnreadable ? 'useless' : 'lost'
  }
}

/** Said by a server that has no time, or by a proxy that did not reach it. */
const BUSY: ReadonlySet<number> = new Set([429, 502, 503, 504])

const nobodyWaits = new Error('Nobody waits for this answer any more')

/** `Retry-After` is a number of seconds or a date; `Date.parse` alone would make a year of a number. */
function toSeconds(retryAfter: string | undefined): number | null {
  if (retryAfter === undefined) return null
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter)
  const at = retryAfter.endsWith(' GMT') ? Date.parse(retryAfter) : NaN
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - Date.now()) / 1000))
}
