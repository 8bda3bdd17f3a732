import { DomainError } from '@courtside/kernel'
import type { Authenticated, CredentialHeaders } from '../../authentication/index.ts'
import type { CredentialHolder } from './credential-holder.ts'
import type { HeldCredential } from './held-credential.ts'
import type { Listed } from './swap-list.ts'

/** How long a connection goes on after its token has expired, for a newer one to come. */
export const GRACE_SECONDS = 30

type ChangeListener = (authenticated: Authenticated) => void

/** What a holder asks of the watch it belongs to. */
export interface HolderOwner {
  renew(holder: Holder, headers: CredentialHeaders): Promise<void>
  released(holder: Holder): void
}

/** One connection's side of a credential. There may be tens of thousands, so it is small and has no timer of its own. */
export class Holder implements CredentialHolder, Listed {
  position = -1
  readonly clientAddress: string
  /** Null for the anonymous caller, of whom there is nothing to check. */
  credential: HeldCredential | null = null
  authenticated: Authenticated
  /** In milliseconds since 1970. */
  expiresAt: number | null
  renewals = 0
  readonly #owner: HolderOwner
  #toldOfExpiry = false
  #ended: DomainError | null = null
  #released = false
  #onChange: ChangeListener[] = []
  #onEnd: ((reason: DomainError) => void) | null = null
  #onExpiring: ((graceSeconds: number) => void) | null = null

  constructor(
    owner: HolderOwner,
    clientAddress: string,
    authenticated: Authenticated,
    expiresAt: number | null,
  ) {
    this.#owner = owner
    this.clientAddress = clientAddress
    this.authenticated = authenticated
    this.expiresAt = expiresAt
  }

  onChange(listener: ChangeListener): () => void {
    this.#onChange.push(listener)
    return () => {
      const index = this.#onChange.indexOf(listener)
      if (index !== -1) this.#onChange.splice(index, 1)
    }
  }

  onEnd(listener: (reason: DomainError) => void): void {
    this.#onEnd = listener
    if (this.#ended) listener(this.#ended)
  }

  onExpiring(listener: (graceSeconds: number) => void): void {
    this.#onExpiring = listener
  }

  renew(headers: CredentialHeaders): Promise<void> {
    return this.#owner.renew(this, headers)
  }

  release(): void {
    if (this.#released) return
    this.#released = true
    this.#onChange = []
    this.#onEnd = null
    this.#onExpiring = null
    this.#owner.released(this)
  }

  get isOver(): boolean {
    return this.#released || this.#ended !== null
  }

  get ended(): DomainError | null {
    return this.#ended
  }

  /** Tells only those for whom something is different. */
  become(authenticated: Authenticated): void {
    const before = this.authenticated
    this.authenticated = authenticated
    if (before === authenticated || JSON.stringify(before) === JSON.stringify(authenticated)) return
    for (const listener of [...this.#onChange]) listener(authenticated)
  }

  renewed(expiresAt: number | null): void {
    this.expiresAt = expiresAt
    this.#toldOfExpiry = false
  }

  /** `now` in milliseconds since 1970. */
  checkExpiry(now: number): void {
    if (this.expiresAt === null || now < this.expiresAt || this.isOver) return
    if (now >= this.expiresAt + GRACE_SECONDS * 1000) return this.end(tokenExpired())
    if (this.#toldOfExpiry) return
    this.#toldOfExpiry = true
    this.#onExpiring?.(Math.ceil((this.expiresAt - now) / 1000) + GRACE_SECONDS)
  }

  end(reason: DomainError): void {
    if (this.isOver) return
    this.#ended = reason
    this.#onEnd?.(reason)
  }
}

function tokenExpired(): DomainError {
  return new DomainError({
    kind: 'unauthenticated',
    code: 'UNAUTHENTICATED',
    message: 'The token has expired. Connect again with a newer one.',
  })
}
