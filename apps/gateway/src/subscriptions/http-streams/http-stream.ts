import type { ServerResponse } from 'node:http'
import type { PublicError } from '../../errors/index.ts'
import type { Listed } from '../connections/index.ts'
import type { Batch } from '../hub/index.ts'
import type { LiveOperation, LiveOutlet } from '../live-operation/index.ts'
import { SLOW_CONSUMER } from './interruptions.ts'
import type { StreamFormat } from './stream-format.ts'

export interface HttpStreamOptions {
  readonly response: ServerResponse
  readonly format: StreamFormat
  readonly now: () => number
  /** A client that takes nothing for this long is left. In milliseconds. */
  readonly patienceMs: number
  /** Called once, when nothing of it is left. */
  onEnd(): void
}

/** After its last words a client has this long to take them. */
const FAREWELL_MS = 5_000

/** One response on which the answers of an operation follow each other. */
export class HttpStream implements LiveOutlet, Listed {
  position = -1
  readonly #options: HttpStreamOptions
  readonly #response: ServerResponse
  readonly #format: StreamFormat
  #operation: LiveOperation | null = null
  #nextBeatAt: number
  /** Since when its client takes nothing; null while it does. */
  #fullSince: number | null = null
  /** When whatever is left unsent is thrown away; null before the last word. */
  #leaveAt: number | null = null
  #isClosed = false

  constructor(options: HttpStreamOptions) {
    this.#options = options
    this.#response = options.response
    this.#format = options.format
    this.#nextBeatAt = options.now() + options.format.heartbeatMs
    if (this.#response.destroyed) setImmediate(() => this.#closed())
    this.#response.on('close', () => this.#closed())
    this.#response.on('drain', () => this.#drained())
  }

  /** Its operation has begun; from here on its answers may come. */
  open(operation: LiveOperation): void {
    this.#operation = operation
    if (this.#isClosed || this.#leaveAt !== null) operation.stop()
    else this.#writeHead()
  }

  deliver(batch: Batch): 'full' | undefined {
    if (this.#write(batch.encoded(this.#format.encode))) return undefined
    this.#fullSince = this.#options.now()
    return 'full'
  }

  answered(body: string): void {
    this.#finish(this.#format.answered(body))
  }

  completed(): void {
    this.#finish(this.#format.completed)
  }

  failed(errors: readonly PublicError[]): void {
    this.#finish(this.#format.failed(errors))
  }

  /** Whether somebody else can answer instead: nothing has been sent. */
  abandon(): boolean {
    if (this.#response.headersSent) return false
    this.#closed()
    return true
  }

  /** The gateway stops, and the client may go on elsewhere. */
  drain(): void {
    this.#finish(this.#format.drained)
  }

  /** What is due at this time: to be heard of, or to leave a client that takes nothing. */
  tend(now: number): void {
    if (this.#leaveAt !== null) {
      if (now >= this.#leaveAt) this.#response.destroy()
    } else if (this.#fullSince !== null) {
      if (now - this.#fullSince >= this.#options.patienceMs)
        this.#finish(this.#format.interrupted(SLOW_CONSUMER))
    } else if (now >= this.#nextBeatAt && this.#response.headersSent) {
      this.#write(this.#format.heartbeat)
    }
  }

  /** False: there is enough to send for now. */
  #write(chunk: Buffer): boolean {
    this.#writeHead()
    this.#nextBeatAt = this.#options.now() + this.#format.heartbeatMs
    return this.#response.write(chunk)
  }

  #writeHead(): void {
    const response = this.#response
    if (response.headersSent) return
    // Until the connection closes: in chunks each message would be three writes, and none could be shared.
    response.removeHeader('transfer-encoding')
    response.writeHead(200, {
      'content-type': this.#format.contentType,
      'cache-control': 'no-store',
      // So that a proxy before us sends on what it gets.
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
      connection: 'close',
    })
    response.socket?.setNoDelay(true)
    response.write(this.#format.opening)
  }

  #finish(lastWord: Buffer | null): void {
    if (this.#isClosed || this.#leaveAt !== null) return
    this.#leaveAt = this.#options.now() + FAREWELL_MS
    this.#operation?.stop()
    this.#writeHead()
    if (lastWord === null) this.#response.end()
    else this.#response.end(lastWord)
  }

  #drained(): void {
    if (this.#fullSince === null) return
    this.#fullSince = null
    this.#operation?.ready()
  }

  #closed(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#operation?.stop()
    this.#options.onEnd()
  }
}
