import { DomainError, isDomainError } from '@courtside/kernel'

const CODE = 'VERSION_CONFLICT'

/** Somebody else was first. Nothing of the call was appended, and the transaction may go on. */
export function versionConflict(stream: string, expected: number, actual: number): DomainError {
  return new DomainError({
    kind: 'conflict',
    code: CODE,
    message: 'Something has happened meanwhile. Read again what is there now, and decide anew.',
    details: { stream, expectedVersion: expected, version: actual },
  })
}

export const isVersionConflict = (error: unknown): error is DomainError =>
  isDomainError(error) && error.code === CODE
