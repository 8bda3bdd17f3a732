import { hasScope, type Principal } from '@courtside/auth'
import {
  type Connection,
  DomainError,
  type PageArguments,
  toConnection,
  toPageRequest,
} from '@courtside/kernel'
import { parseInput, text, uuid } from '@courtside/validation'
import * as z from 'zod'
import {
  AUDIT_ORDER,
  type AuditEntry,
  type AuditFilter,
  countAuditEntries,
  findBrokenAuditEntry,
  listAuditEntries,
  type RunAuditQuery,
} from './audit-log.repository.ts'

/** The whole log is counted only for those who ask for it. */
export type AuditPage = Connection<AuditEntry> & { totalCount(): Promise<number> }

export interface AuditVerification {
  isIntact: boolean
  firstBrokenEntryId: string | null
}

/** A condition that is null is no condition. */
const condition = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? undefined)

const auditFilter = z
  .object({
    action: condition(text(1, 100)),
    entityType: condition(text(1, 100)),
    entityId: condition(text(1, 100)),
    actorUserId: condition(uuid()),
    actorApiKeyId: condition(uuid()),
    // The scalar keeps them in the calendar.
    from: condition(z.date()),
    to: condition(z.date()),
  })
  // The index begins with the type.
  .refine(({ entityType, entityId }) => entityId === undefined || entityType !== undefined, {
    path: ['entityType'],
    message: 'goes with entityId: say of which type the thing is',
  })

export function createAuditLogService(read: RunAuditQuery) {
  return {
    async list(principal: Principal, given: unknown, args: PageArguments): Promise<AuditPage> {
      assertAuditor(principal)
      const filter: AuditFilter = parseInput(auditFilter, given ?? {})
      const page = toPageRequest(args, AUDIT_ORDER.length)
      const entries = await read((client) => listAuditEntries(client, filter, page))
      return {
        ...toConnection(
          entries,
          page,
          ({ id }) => [Number(id)],
          (entry) => entry,
        ),
        totalCount: () => read((client) => countAuditEntries(client, filter)),
      }
    },

    async verify(principal: Principal): Promise<AuditVerification> {
      assertAuditor(principal)
      const firstBrokenEntryId = await read(findBrokenAuditEntry)
      return { isIntact: firstBrokenEntryId === null, firstBrokenEntryId }
    },
  }
}

/** The schema asks for the scope already; asked again, because what follows sees what belongs to everybody. */
function assertAuditor(principal: Principal): void {
  if (hasScope(principal, 'read:audit')) return
  throw new DomainError({ kind: 'forbidden', code: 'FORBIDDEN', message: 'This takes the scope read:audit.' })
}
