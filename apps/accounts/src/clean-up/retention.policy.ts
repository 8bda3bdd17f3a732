import { FORGOTTEN_AFTER_MS } from '../sign-in-throttles/index.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/** Rows older than these moments are of no use to anybody. */
export interface CutOffs {
  /** Sessions that ran out by then are removed; nothing can bring them back. */
  sessionsEnded: Date
  /** Sessions that were revoked are kept a while, for whoever asks what happened. */
  sessionsRevoked: Date
  throttlesFailed: Date
  invitationsEnded: Date
  invitationsAccepted: Date
  signingKeysRetired: Date
  /** By then every token of such a session has ended at its issuer. */
  externalSessionsRevoked: Date
  /** What was told of somebody's follows and has been told anew since: by then every feed has read it. */
  followsSuperseded: Date
}

export function cutOffsAt(now: Date): CutOffs {
  const ago = (milliseconds: number) => new Date(now.getTime() - milliseconds)
  return {
    sessionsEnded: now,
    sessionsRevoked: ago(30 * DAY_MS),
    throttlesFailed: ago(FORGOTTEN_AFTER_MS),
    invitationsEnded: ago(DAY_MS),
    invitationsAccepted: ago(30 * DAY_MS),
    signingKeysRetired: now,
    externalSessionsRevoked: ago(365 * DAY_MS),
    followsSuperseded: ago(7 * DAY_MS),
  }
}
