import { randomUUID } from 'node:crypto'
import { type Clock, DomainError } from '@courtside/kernel'
import {
  type Authentication,
  type CredentialHeaders,
  type Examined,
  lookupKey,
} from '../../authentication/index.ts'
import { CredentialChecks, isSamePerson } from './credential-checks.ts'
import type { CredentialWatch } from './credential-holder.ts'
import type { HeldCredential } from './held-credential.ts'
import { Holder, type HolderOwner } from './holder.ts'
import { RecentChanges } from './recent-changes.ts'
import { SwapList } from './swap-list.ts'
import { systemTimers, type Timers } from './timers.ts'

/** What has changed about somebody's access: of a person, a session or a key; null where it is none of these. */
export interface AccessChange {
  readonly userId: string | null
  readonly sessionId: string | null
  readonly apiKeyId: string | null
}

export interface CredentialWatchOptions {
  authentication: Pick<Authentication, 'examine' | 'examineAgain'>
  /** Tells when tokens expire. */
  clock: Clock
  /** Default: those of the system. */
  timers?: Timers
  /** Default: `Math.random`. */
  random?: () => number
}

/** A watch that can be told of changes. */
export interface ToldCredentialWatch extends CredentialWatch {
  accessChanged(change: AccessChange): void
  /** Nobody knows what has changed. */
  allUnknown(): void
}

const SWEEP_MS = 1_000
/** Changes that come together are looked for together. */
const GATHER_MS = 20
const ALL_WITHIN_MS = 1_000

export function createCredentialWatch(options: CredentialWatchOptions): ToldCredentialWatch {
  const { authentication, clock, timers = systemTimers, random = Math.random } = options
  const checks = new CredentialChecks({
    ask: (lookup) => authentication.examineAgain(lookup, randomUUID()),
    timers,
    random,
  })
  const credentials = new Map<string, HeldCredential>()
  const holders = new SwapList<Holder>()
  const recent = new RecentChanges(timers)
  let gathered: AccessChange[] = []
  let cancelGathering: (() => void) | null = null

  const attach = (holder: Holder, { lookup, authenticated }: Examined) => {
    if (lookup === null) return
    const key = lookupKey(lookup)
    let credential = credentials.get(key)
    if (!credential) credentials.set(key, (credential = checks.open(key, lookup, authenticated)))
    credential.holders.push(holder)
    holder.credential = credential
    // This answer or that of the others is the older one.
    const differs = credential.authenticated !== authenticated
    if (differs || recent.touches(authenticated)) checks.checkNow(credential)
  }

  const detach = (holder: Holder) => {
    const { credential } = holder
    holder.credential = null
    if (!credential) return
    credential.holders.splice(credential.holders.indexOf(holder), 1)
    if (credential.holders.length > 0) return
    checks.close(credential)
    credentials.delete(credential.key)
  }

  const owner: HolderOwner = {
    async renew(holder: Holder, headers: CredentialHeaders) {
      const turn = (holder.renewals += 1)
      const { clientAddress } = holder
      const examined = await authentication.examine({ headers, clientAddress, requestId: randomUUID() })
      if (holder.ended) throw holder.ended
      // A later one was faster, or the connection is gone.
      if (turn !== holder.renewals || holder.isOver) return
      if (examined.lookup === null || !isSamePerson(holder.authenticated, examined.authenticated)) {
        throw isSomebodyElse()
      }
      detach(holder)
      attach(holder, examined)
      holder.renewed(examined.expiresAt)
      holder.become(examined.authenticated)
    },
    released(holder: Holder) {
      detach(holder)
      holders.remove(holder)
    },
  }

  const lookForChanged = () => {
    cancelGathering = null
    const ids = new Set(gathered.flatMap(({ userId, sessionId, apiKeyId }) => [userId, sessionId, apiKeyId]))
    ids.delete(null)
    gathered = []
    checks.checkTouched(({ principal: { userId, sessionId, apiKeyId } }) =>
      [userId, sessionId, apiKeyId].some((id) => id !== null && ids.has(id)),
    )
  }

  const stopSweeping = timers.every(SWEEP_MS, () => {
    const now = clock.now().getTime()
    holders.each((holder) => holder.checkExpiry(now))
    checks.sweep()
    recent.forget()
  })

  return {
    async hold(request) {
      const examined = await authentication.examine(request)
      const { authenticated, expiresAt } = examined
      const holder = new Holder(owner, request.clientAddress, authenticated, expiresAt)
      attach(holder, examined)
      holders.add(holder)
      return holder
    },
    accessChanged(change) {
      recent.add(change)
      gathered.push(change)
      cancelGathering ??= timers.after(GATHER_MS, lookForChanged)
    },
    allUnknown() {
      recent.everybody()
      checks.checkAllWithin(ALL_WITHIN_MS)
    },
    get held() {
      return holders.size
    },
    stop() {
      stopSweeping()
      cancelGathering?.()
    },
  }
}

function isSomebodyElse(): DomainError {
  return new DomainError({
    kind: 'forbidden',
    code: 'FORBIDDEN',
    message: 'A connection keeps the person or key it was opened with. Open another one.',
  })
}
