import type { Authenticated, CredentialLookup } from '../../authentication/index.ts'
import type { Holder } from './holder.ts'
import type { Listed } from './swap-list.ts'

/** A credential with which connections are open. Those that brought the same one are checked together. */
export interface HeldCredential extends Listed {
  readonly key: string
  readonly lookup: CredentialLookup
  authenticated: Authenticated
  readonly holders: Holder[]
  /** When accounts was asked that last said it counts, and when to ask again, by the timers' clock. */
  confirmedAt: number
  checkAt: number
  /** How often in a row there was no answer. */
  unanswered: number
  /** `again`: it is being asked, but perhaps answered with what was before a change. */
  asking: 'no' | 'queued' | 'asked' | 'again'
}
