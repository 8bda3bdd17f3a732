import { createHash, randomBytes } from 'node:crypto'

const LIFETIME_MS = 60 * 60 * 1000
const TOKEN_BYTES = 32
const FORM = /^[A-Za-z0-9_-]{43}$/

export function invitationEnd(now: Date): Date {
  return new Date(now.getTime() + LIFETIME_MS)
}

export function createInvitationToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url')
}

export function isInvitationToken(text: string): boolean {
  return FORM.test(text)
}

/** All that is stored. */
export function hashOfInvitation(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
