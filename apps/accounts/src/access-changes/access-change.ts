import type { Fact } from '@courtside/events'
import * as z from 'zod'

/**
 * Whose open connections may no longer be allowed what they were: those of a person, of one session of theirs, or of an
 * API key. What they are allowed now is asked anew with their credential.
 */
export interface AccessChange {
  readonly userId: string | null
  /** Null: all sessions of the person. */
  readonly sessionId: string | null
  readonly apiKeyId: string | null
}

export const ofPerson = (userId: string): AccessChange => ({ userId, sessionId: null, apiKeyId: null })

export const ofSession = (userId: string, sessionId: string): AccessChange => ({
  userId,
  sessionId,
  apiKeyId: null,
})

export const ofApiKey = (apiKeyId: string): AccessChange => ({ userId: null, sessionId: null, apiKeyId })

/** However many sessions of one person have ended, in one word. */
export function ofEndedSessions(userId: string, sessionIds: readonly string[]): readonly AccessChange[] {
  const [only, ...others] = sessionIds
  if (only === undefined) return []
  return [others.length === 0 ? ofSession(userId, only) : ofPerson(userId)]
}

const storedChange = z.object({
  v: z.literal(1),
  userId: z.string().nullable(),
  sessionId: z.string().nullable(),
  apiKeyId: z.string().nullable(),
})

export const toStoredChange = (change: AccessChange) => ({ v: 1, ...change })

export function readAccessChange(fact: Fact): AccessChange {
  const { success, data, error } = storedChange.safeParse(fact.payload)
  if (success) return { userId: data.userId, sessionId: data.sessionId, apiKeyId: data.apiKeyId }
  // Perhaps written by a later version, while this process is still to be replaced.
  throw new Error(`The fact ${fact.seq} of ${fact.stream} cannot be read as a change of access`, {
    cause: error,
  })
}
