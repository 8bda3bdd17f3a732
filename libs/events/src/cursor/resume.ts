import type { Head } from '../log/index.ts'
import type { Place } from './cursor.ts'

export type Resume =
  /** Everything after `seq` is there. */
  | { readonly outcome: 'resume'; readonly seq: number }
  /** What the client saw may have been lost by a restore: it needs a snapshot, then goes on from the head. */
  | { readonly outcome: 'reset' }
  /** The client has seen what this log has not (yet): a replica that lags, or a restore that nobody told of. */
  | { readonly outcome: 'ahead' }
  /** Retention has removed what comes next: a snapshot, or on from `floor`. */
  | { readonly outcome: 'gap'; readonly floor: number }

/** Whether a client can go on from where it stands, and if not, why. `head` is undefined for a stream without facts. */
export function toResume({ epoch, seq }: Place, head: Head | undefined): Resume {
  // Who has seen nothing has seen nothing that could be wrong.
  if (seq > 0) {
    if (head === undefined) return { outcome: 'ahead' }
    if (epoch !== head.epoch) return { outcome: 'reset' }
    if (seq > head.seq) return { outcome: 'ahead' }
  }
  if (head !== undefined && seq < head.floor) return { outcome: 'gap', floor: head.floor }
  return { outcome: 'resume', seq }
}
