import { DomainError } from '@courtside/kernel'
import { type Authenticated, type CredentialLookup, noLongerGood } from '../../authentication/index.ts'
import type { HeldCredential } from './held-credential.ts'
import { SwapList } from './swap-list.ts'
import type { Timers } from './timers.ts'

export interface CredentialChecksOptions {
  /** Asks accounts. Null: the credential does not count any more. */
  ask(lookup: CredentialLookup): Promise<Authenticated | null>
  timers: Timers
  random(): number
}

const SECOND = 1_000
/** Every credential is asked for again after this long, a tenth more or less, so that they spread. */
const CHECK_EVERY_MS = 60 * SECOND
/** Who could not be confirmed for this long is not let go on: accounts may have revoked them meanwhile. */
const LONGEST_UNCONFIRMED_MS = 5 * 60 * SECOND
const FIRST_RETRY_MS = 2 * SECOND
const LAST_RETRY_MS = 20 * SECOND
/** Checks are not to crowd out the requests that ask accounts the same. */
const MOST_AT_ONCE = 32

/** Asks again and again whether credentials with which connections are open still count, and tells their holders. */
export class CredentialChecks {
  readonly #credentials = new SwapList<HeldCredential>()
  readonly #options: CredentialChecksOptions
  /** Those that somebody said something about go first. */
  readonly #urgent: HeldCredential[] = []
  readonly #routine: HeldCredential[] = []
  #asking = 0
  /** Accounts is away: one is asked at each sweep, to see whether it is back. The others wait. */
  #isAway = false
  #hasProbed = false

  constructor(options: CredentialChecksOptions) {
    this.#options = options
  }

  open(key: string, lookup: CredentialLookup, authenticated: Authenticated): HeldCredential {
    const now = this.#options.timers.now()
    const held: HeldCredential = {
      position: -1,
      key,
      lookup,
      authenticated,
      holders: [],
      confirmedAt: now,
      checkAt: now + this.#spread(CHECK_EVERY_MS),
      unanswered: 0,
      asking: 'no',
    }
    this.#credentials.add(held)
    return held
  }

  close(credential: HeldCredential): void {
    this.#credentials.remove(credential)
  }

  checkNow(credential: HeldCredential): void {
    this.#enqueue(credential, this.#urgent)
    this.#pump()
  }

  /** Those of whom something has changed, at once. */
  checkTouched(isTouched: (authenticated: Authenticated) => boolean): void {
    this.#credentials.each((credential) => {
      if (isTouched(credential.authenticated)) this.#enqueue(credential, this.#urgent)
    })
    this.#pump()
  }

  /** All of them within this time. */
  checkAllWithin(milliseconds: number): void {
    const { timers, random } = this.#options
    const now = timers.now()
    this.#credentials.each((credential) => {
      credential.checkAt = Math.min(credential.checkAt, now + random() * milliseconds)
      // What is being asked may be answered with what was before.
      if (credential.asking === 'asked') credential.asking = 'again'
    })
  }

  /** To be called often. */
  sweep(): void {
    const now = this.#options.timers.now()
    this.#credentials.each((credential) => {
      if (now - credential.confirmedAt >= LONGEST_UNCONFIRMED_MS) {
        endAll(credential, cannotBeConfirmed())
      } else if (now >= credential.checkAt && credential.asking === 'no') {
        this.#enqueue(credential, this.#routine)
      }
    })
    this.#hasProbed = false
    this.#pump()
  }

  #enqueue(credential: HeldCredential, queue: HeldCredential[]): void {
    if (credential.asking === 'asked') credential.asking = 'again'
    if (credential.asking === 'again') return
    // One that waits among the others as well is passed over there.
    if (credential.asking === 'queued' && queue === this.#routine) return
    credential.asking = 'queued'
    queue.push(credential)
  }

  #pump(): void {
    while (this.#mayAsk()) {
      const next = this.#urgent.shift() ?? this.#routine.shift()
      if (!next) return
      if (next.asking !== 'queued' || next.position === -1) continue
      this.#asking += 1
      this.#hasProbed = true
      void this.#check(next).finally(() => {
        this.#asking -= 1
        this.#pump()
      })
    }
  }

  #mayAsk(): boolean {
    return this.#isAway ? !this.#hasProbed : this.#asking < MOST_AT_ONCE
  }

  async #check(credential: HeldCredential): Promise<void> {
    const { ask, timers } = this.#options
    const askedAt = timers.now()
    credential.asking = 'asked'
    try {
      const answer = await ask(credential.lookup)
      credential.confirmedAt = askedAt
      credential.unanswered = 0
      this.#isAway = false
      credential.checkAt = timers.now() + this.#spread(CHECK_EVERY_MS)
      tell(credential, answer)
    } catch {
      // Who asks has said so in the log. It is asked again, later each time.
      this.#isAway = true
      credential.unanswered += 1
      const wait = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (credential.unanswered - 1))
      credential.checkAt = timers.now() + this.#spread(wait)
    }
    const again = this.#isAskedAgain(credential)
    credential.asking = 'no'
    if (again) this.#enqueue(credential, this.#urgent)
  }

  #isAskedAgain({ asking }: HeldCredential): boolean {
    return asking === 'again'
  }

  #spread(milliseconds: number): number {
    return milliseconds * (0.9 + this.#options.random() * 0.2)
  }
}

function tell(credential: HeldCredential, answer: Authenticated | null): void {
  if (answer === null) return endAll(credential, noLongerGood(credential.lookup))
  if (!isSamePerson(credential.authenticated, answer))
    return endAll(credential, noLongerGood(credential.lookup))
  credential.authenticated = answer
  for (const holder of [...credential.holders]) holder.become(answer)
}

function endAll(credential: HeldCredential, reason: DomainError): void {
  for (const holder of [...credential.holders]) holder.end(reason)
}

export function isSamePerson(
  { principal: one }: Authenticated,
  { principal: other }: Authenticated,
): boolean {
  return one.kind === other.kind && one.userId === other.userId && one.apiKeyId === other.apiKeyId
}

function cannotBeConfirmed(): DomainError {
  return new DomainError({
    kind: 'unavailable',
    code: 'UNAVAILABLE',
    message: 'Your sign-in could not be checked for five minutes. Connect again shortly.',
  })
}
