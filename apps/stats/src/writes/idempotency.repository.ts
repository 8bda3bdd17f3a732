import { createHash } from 'node:crypto'
import { DomainError } from '@courtside/kernel'
import type { Tx } from '../db.ts'

export interface Claim {
  /** Whose key it is. */
  actor: string
  key: string
  operation: string
  input: object
}

/** Whether the command is new, and the id of the row that it creates or has created. */
export interface Claimed {
  isNew: boolean
  resultId: string
}

/**
 * Takes the key for this transaction. A second one with the same key waits here until the first has ended: then it
 * finds the first's result, or takes the key when the first was rolled back.
 */
export async function claimKey(tx: Tx, { actor, key, operation, input }: Claim): Promise<Claimed> {
  const inputHash = createHash('sha256').update(canonical(input)).digest()
  const [created] = await tx.idempotencyKey.createManyAndReturn({
    data: [{ actor, key, operation, inputHash }],
    skipDuplicates: true,
  })
  if (created) return { isNew: true, resultId: created.resultId }
  const first = await tx.idempotencyKey.findUniqueOrThrow({ where: { actor_key: { actor, key } } })
  if (first.operation !== operation || !inputHash.equals(first.inputHash)) throw keyReused()
  return { isNew: false, resultId: first.resultId }
}

/** The same text for the same input, whatever the order of its fields. */
function canonical(input: object): string {
  return JSON.stringify(input, (_name, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
}

const keyReused = () =>
  new DomainError({
    kind: 'conflict',
    code: 'STATS_IDEMPOTENCY_KEY_REUSED',
    message: 'You have used this idempotencyKey for another request. Take a new key for a new request.',
  })
