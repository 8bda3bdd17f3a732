import type { Logger } from '@courtside/logger'
import { type PublicError, refusalOf } from '../../errors/index.ts'
import type { Batch } from '../hub/index.ts'
import type { LiveOperation, LiveOutlet } from '../live-operation/index.ts'
import { completeFrame, encodeFrames, errorFrame, idInJson, nextFrame } from './frames.ts'

/** What an operation asks of the connection it came over. */
export interface OperationSocket {
  readonly isFull: boolean
  /** Whether what was written last is still to be read by the network. */
  readonly holdsBytes: boolean
  write(frame: Buffer): void
  delivered(messages: number): void
  /** Its id may be used again. */
  over(operation: SocketOperation): void
}

/** One id of one connection, from `subscribe` until either side has said that it is over. */
export class SocketOperation implements LiveOutlet {
  readonly id: string
  readonly #idInJson: string
  readonly #socket: OperationSocket
  #live: LiveOperation | null = null
  #isFull = false
  #isOver = false

  constructor(id: string, socket: OperationSocket) {
    this.id = id
    this.#idInJson = idInJson(id)
    this.#socket = socket
  }

  /** `begin` is called with this as the outlet. Resolves when it has begun or was refused. */
  async run(begin: (outlet: LiveOutlet) => Promise<LiveOperation>, log: Logger): Promise<void> {
    try {
      const live = await begin(this)
      // Who left meanwhile, or was answered at once.
      if (this.#isOver) return live.stop()
      this.#live = live
      if (this.#isFull && !this.#socket.isFull) this.drained()
    } catch (error) {
      if (!this.#isOver) this.failed(refusalOf(error, log).errors)
    }
  }

  deliver(batch: Batch): 'full' | undefined {
    if (this.#isOver) return undefined
    const frames = batch.encoded(encodeFrames)
    this.#socket.write(frames.of(this.#idInJson))
    if (this.#socket.holdsBytes) frames.keep(this.#idInJson)
    this.#socket.delivered(batch.payloads.length)
    if (!this.#socket.isFull) return undefined
    this.#isFull = true
    return 'full'
  }

  answered(body: string): void {
    if (this.#isOver) return
    this.#socket.write(nextFrame(this.#idInJson, body))
    this.#socket.delivered(1)
    this.completed()
  }

  completed(): void {
    this.#end(completeFrame(this.#idInJson))
  }

  failed(errors: readonly PublicError[]): void {
    this.#end(errorFrame(this.#idInJson, errors))
  }

  /** The connection has taken all that it was sent. */
  drained(): void {
    if (!this.#isFull || this.#live === null) return
    this.#isFull = false
    this.#live.ready()
  }

  /** The client has no use for it any more, or is gone. */
  stop(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#live?.stop()
  }

  #end(frame: Buffer): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#socket.over(this)
    this.#socket.write(frame)
  }
}
