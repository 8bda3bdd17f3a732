import type { FetchRequest, FetchTemplate } from '@courtside/federation'
import type { Logger } from '@courtside/logger'
import * as z from 'zod'
import { gatewayItself, IDENTITY_SUBGRAPH } from '../../authentication/index.ts'
import { type Listening, type SubgraphCaller, type UpstreamEvent } from '../../transports/index.ts'
import type { AccessChange } from './credential-watch.ts'
import { systemTimers, type Timers } from './timers.ts'

export interface AccessChangesOptions {
  listen: SubgraphCaller['listen']
  onChange(change: AccessChange): void
  /** Changes may have been missed. */
  onAllUnknown(): void
  log: Logger
  /** Default: those of the system. */
  timers?: Timers
  /** Default: `Math.random`. */
  random?: () => number
}

const TEMPLATE: FetchTemplate = {
  query: `subscription AccessChanged($after: Cursor) {
  accessChanged(after: $after) { kind cursor userId sessionId apiKeyId gap { reason } }
}`,
  operationName: 'AccessChanged',
  type: 'subscription',
}

const accessChange = z.object({
  kind: z.enum(['SNAPSHOT', 'CHANGED']),
  cursor: z.string(),
  userId: z.string().nullable(),
  sessionId: z.string().nullable(),
  apiKeyId: z.string().nullable(),
})

const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 10_000
/** An accounts that knows no such subscription may be replaced by one that does. */
const REFUSED_WAIT_MS = 60_000

/**
 * Follows what accounts says of changed access, for as long as the gateway runs: without it a revoked credential would
 * be noticed only when it is checked the next time.
 */
export function followAccessChanges(options: AccessChangesOptions): { stop(): void } {
  const { listen, onChange, onAllUnknown, log, timers = systemTimers, random = Math.random } = options
  const followed = log.child({ subgraph: IDENTITY_SUBGRAPH })
  let cursor: string | null = null
  let listening: Listening | null = null
  let failures = 0
  let saidRefused = false
  let cancelReopening = () => {}

  const reopenIn = (milliseconds: number) => {
    listening = null
    cancelReopening = timers.after(milliseconds * (0.5 + random() / 2), open)
  }

  const failed = (why: object) => {
    failures += 1
    if (failures === 1) {
      followed.warn(why, 'Changed access cannot be followed; credentials are checked once a minute meanwhile')
    }
    reopenIn(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 10)))
  }

  const event = ({ data, errors }: UpstreamEvent) => {
    const read = accessChange.safeParse(data?.['accessChanged'])
    if (!read.success) {
      // Whom it was about is not known, so it may have been anybody.
      followed.error({ err: read.error, errors }, 'A change of access cannot be read; everybody is checked')
      return onAllUnknown()
    }
    const { kind, cursor: place, ...change } = read.data
    if (failures > 0 || saidRefused) followed.info({}, 'Changed access is followed again')
    failures = 0
    saidRefused = false
    cursor = place
    if (kind === 'CHANGED') onChange(change)
    else onAllUnknown()
  }

  const open = () => {
    const request: FetchRequest = { template: TEMPLATE, variables: { after: cursor }, representations: null }
    const caller = {
      principal: gatewayItself,
      requestId: 'access-changes',
      clientAddress: null,
      clientAgent: null,
      log: followed,
      cancellation: null,
    }
    listening = listen(IDENTITY_SUBGRAPH, request, caller, {
      event,
      completed: () => failed({ reason: 'The subgraph has ended the subscription' }),
      refused(errors) {
        if (!saidRefused) {
          followed.warn(
            { errors },
            'Accounts does not tell of changed access; credentials are checked once a minute instead',
          )
        }
        saidRefused = true
        // A cursor that it does not take is no reason to be refused forever.
        cursor = null
        reopenIn(REFUSED_WAIT_MS)
      },
      failed: (failure) => failed({ err: failure }),
    })
  }

  open()
  return {
    stop() {
      cancelReopening()
      listening?.stop()
      listening = null
    },
  }
}
