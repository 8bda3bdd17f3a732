import type { DomainError } from '@courtside/kernel'
import type { Authenticated, CredentialHeaders } from '../../authentication/index.ts'

/** Whoever holds a connection open: as whom, and for how long. */
export interface CredentialHolder {
  readonly authenticated: Authenticated
  /** Called when they may do something else than before, with what they are now. Returns what ends that. */
  onChange(listener: (authenticated: Authenticated) => void): () => void
  /** Called once, when the connection must be closed: the credential was revoked, or expired and was not renewed. */
  onEnd(listener: (reason: DomainError) => void): void
  /** Called when the credential has expired, before the grace ends. */
  onExpiring(listener: (graceSeconds: number) => void): void
  /** A newer credential of the same person. Throws the refusal; then the former one goes on. */
  renew(headers: CredentialHeaders): Promise<void>
  /** The connection is closed. */
  release(): void
}

export interface CredentialWatch {
  /** Throws what `Authentication.authenticate` throws. */
  hold(request: {
    headers: CredentialHeaders
    clientAddress: string
    requestId: string
  }): Promise<CredentialHolder>
  /** How many connections are held. */
  readonly held: number
  stop(): void
}
