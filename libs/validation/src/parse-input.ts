import { DomainError } from '@courtside/kernel'
import type * as z from 'zod'

/**
 * Checks what a caller sent, in full: the refusal lists every fault with its path, so that a form can show them all
 * at once.
 */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const faults = result.error.issues.map(({ path, message }) => ({ path: path.map(String), message }))
  const said = faults.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message,
  )
  throw new DomainError({
    kind: 'invalid',
    code: 'BAD_USER_INPUT',
    message: `The input is not valid. ${said.join('; ')}.`,
    details: { faults },
  })
}
