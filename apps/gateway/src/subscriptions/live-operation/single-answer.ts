import type { Logger } from '@courtside/logger'
import { refusalOf } from '../../errors/index.ts'
import { type LaneAnswer, withExtensions } from '../../lane/index.ts'
import type { HeldVersion } from '../../supergraph/index.ts'
import type { ClientPresence } from '../../transports/index.ts'
import type { LiveGraph } from './live-graph.ts'
import type { LiveOperation, LiveOutlet } from './live-operations.ts'

interface SingleAnswerParts {
  readonly answer: LaneAnswer | Promise<LaneAnswer>
  readonly held: HeldVersion<LiveGraph>
  readonly presence: ClientPresence
  readonly outlet: LiveOutlet
  readonly log: Logger
}

/** A query or a mutation that is being answered. */
export class SingleAnswer implements LiveOperation {
  readonly cursor = null
  readonly #presence: ClientPresence

  constructor(parts: SingleAnswerParts) {
    this.#presence = parts.presence
    void this.#tell(parts)
  }

  ready(): void {
    // There is nothing more to come.
  }

  stop(): void {
    this.#presence.cancel()
  }

  async #tell({ answer, held, outlet, log }: SingleAnswerParts): Promise<void> {
    let tell: () => void
    try {
      const { body, extensions } = await answer
      tell = () => outlet.answered(withExtensions(body, extensions))
    } catch (error) {
      const { errors } = refusalOf(error, log)
      tell = () => outlet.failed(errors)
    } finally {
      held.release()
    }
    // It may have been at hand. Whoever waits for it has to know first that it has begun.
    setImmediate(() => {
      if (!this.#presence.isCancelled) tell()
    })
  }
}
