import { DomainError } from '@courtside/kernel'

/** What the driver said, as Prisma's adapter hands it on beneath an error of its own. */
interface DriverFault {
  kind?: string
  originalCode?: string
  constraint?: { index?: string; fields?: string[] }
}

/** The row is there already. `constraint` is the name of the unique index, where only one of several is meant. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  return violates(error, '23505', constraint)
}

/** The row referred to is not there. */
export function isForeignKeyViolation(error: unknown, constraint?: string): boolean {
  return violates(error, '23503', constraint)
}

/** Postgres gave up this transaction for the sake of another; the same work may succeed now. */
export function isSerializationFailure(error: unknown): boolean {
  return ['40001', '40P01'].includes(faultOf(error)?.originalCode ?? '')
}

/** A database that cannot answer now becomes a retryable error; everything else stays as it is. */
export function toDomainError(error: unknown): unknown {
  const fault = faultOf(error)
  const unreachable =
    UNREACHABLE_KINDS.has(fault?.kind ?? '') ||
    UNREACHABLE_STATES.test(fault?.originalCode ?? '') ||
    (error instanceof Error && UNREACHABLE_MESSAGES.test(error.message))
  if (!unreachable) return error
  return new DomainError({
    kind: 'unavailable',
    code: 'DATABASE_UNAVAILABLE',
    message: 'The database does not answer at the moment. Try again shortly.',
    cause: error,
  })
}

const UNREACHABLE_KINDS = new Set([
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TooManyConnections',
])
/**
 * Connection exceptions, too many connections, a door that is closed (28, 3D, 55000), shutdown and start-up of the
 * server, statement and lock timeouts.
 */
const UNREACHABLE_STATES = /^(08...|28...|3D000|53300|55000|55P03|57014|57P0[1-4])$/
/** Faults of the pool itself, which come without a code. */
const UNREACHABLE_MESSAGES =
  /timeout exceeded when trying to connect|Connection terminated|connection error and is not queryable|Unable to start a transaction/

function violates(error: unknown, state: string, constraint: string | undefined): boolean {
  const fault = faultOf(error)
  return fault?.originalCode === state && (constraint === undefined || fault.constraint?.index === constraint)
}

function faultOf(error: unknown): DriverFault | undefined {
  if (!isRecord(error)) return undefined
  const adapter = isRecord(error['meta']) ? error['meta']['driverAdapterError'] : error
  const cause = isRecord(adapter) ? adapter['cause'] : undefined
  return isRecord(cause) ? cause : undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
