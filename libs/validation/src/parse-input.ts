import { DomainError } from '@courtside/kernel'
import type * as z from 'zod'
import { faultMessage } from './fault-message.ts'

export interface Fault {
  /** Where it is in the input; empty for the input as a whole. */
  path: readonly string[]
  /** Begins with a small letter, for it follows the path: `must lie in the future`. */
  message: string
}

/**
 * Checks what a caller sent, in full: the refusal lists every fault with its path, so that a form can show them all
 * at once.
 */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input, { error: faultMessage })
  if (result.success) return result.data
  throw invalidInput(result.error.issues.map(({ path, message }) => ({ path: path.map(String), message })))
}

/** For a fault that shows only after the input is read, for example against the time of the database. */
export function invalidInput(faults: readonly Fault[]): DomainError {
  const said = faults
    .map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message))
    .join('; ')
  // What is about the input as a whole has no name of a field to begin with.
  const isAboutAll = faults[0]?.path.length === 0
  return new DomainError({
    kind: 'invalid',
    code: 'BAD_USER_INPUT',
    message: `The input is not valid. ${isAboutAll ? said.charAt(0).toUpperCase() + said.slice(1) : said}.`,
    details: { faults },
  })
}
