import type { PublicError } from '../../errors/index.ts'
import type { Batch } from './batch.ts'

/** Where the events of one client's subscription go. A transport makes one for each subscription. */
export interface Outlet {
  /** The next events, in order. Whoever returns `full` has taken them, and is sent no more until it says `ready`. */
  deliver(batch: Batch): 'full' | undefined
  /** The last thing it is told: the subscription came to its end. */
  completed(): void
  /** The last thing it is told: the subscription cannot go on, for this reason. */
  failed(errors: readonly PublicError[]): void
}
