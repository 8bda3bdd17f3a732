import { type AuditEntry, isForeignKeyViolation, isUniqueViolation, recordAudit } from '@courtside/database'
import type { StreamLog } from '@courtside/events'
import { type Clock, DomainError } from '@courtside/kernel'
import type { Database, Tx } from '../db.ts'
import { inUse, notFound } from '../errors.ts'
import { changedFields } from './changed-fields.ts'
import type { Entity } from './entity.ts'
import { claimKey } from './idempotency.repository.ts'
import { countReferences, deleteRow, lockRow } from './rows.repository.ts'

/** On whose behalf, and in which request, something is written. */
export interface Caller {
  actor: AuditEntry['actor']
  requestId: string
}

export interface Creation<Row> {
  /** What was asked for, checked. A retry with the same key must ask for the same. */
  input: object
  idempotencyKey: string | null | undefined
  /** Default: `create`. */
  operation?: string
  /** `id` is given when the key has reserved one. */
  insert(tx: Tx, id: string | undefined): Promise<Row>
}

export interface Change<Row> {
  id: string
  /** Default: `update`. */
  operation?: string
  /** Gets the row as it is, locked; returns it as it is then. */
  apply(tx: Tx, before: Row): Promise<Row>
}

export interface Removal<Row> {
  id: string
  /** Throws when this row may not go. */
  assert?(before: Row): void
}

/**
 * Every write of this subgraph is privileged (the schema names its scope) and goes through here: one transaction with
 * its rules, its effect, its facts and its entry in the audit log.
 *
 * That order is also the order of locks everywhere, so nobody waits in a circle: rows, then streams, then the audit log.
 * The audit log comes last, because its lock is one for all writers: whoever holds it has nothing left to wait for but
 * the commit. A stream is waited for only by those who write to the same game or teams.
 */
export interface Writes {
  /** A retry with the same key gets what the first request created. */
  create<Row extends { id: string }>(
    caller: Caller,
    entity: Entity<Row>,
    creation: Creation<Row>,
  ): Promise<Row>
  update<Row extends { id: string }>(caller: Caller, entity: Entity<Row>, change: Change<Row>): Promise<Row>
  /** Refused while anything refers to the row. Returns its id. */
  remove<Row extends { id: string }>(
    caller: Caller,
    entity: Entity<Row>,
    removal: Removal<Row>,
  ): Promise<string>
}

export interface WritesDependencies {
  /** `withAfterCommit`. */
  database: Database
  streams: Pick<StreamLog, 'appendAll'>
  clock: Clock
}

export function createWrites({ database, streams, clock }: WritesDependencies): Writes {
  const write = async <Row extends { id: string }, T>(entity: Entity<Row>, work: (tx: Tx) => Promise<T>) => {
    try {
      return await database.transaction(work)
    } catch (error) {
      throw explained(entity, error)
    }
  }

  const tell = async <Row extends { id: string }>(
    tx: Tx,
    { actor, requestId }: Caller,
    entity: Entity<Row>,
    before: Row | null,
    after: Row | null,
  ) => {
    const facts = entity.facts?.(before, after) ?? []
    const circumstances = { occurredAt: clock.now(), actor, requestId }
    await streams.appendAll(
      tx,
      facts.map((fact) => ({ ...fact, ...circumstances })),
    )
  }

  return {
    create: (caller, entity, { input, idempotencyKey, operation = 'create', insert }) =>
      write(entity, async (tx) => {
        const action = actionOn(entity, operation)
        const claimed = await claim(tx, caller, action, idempotencyKey, input)
        if (claimed && !claimed.isNew) {
          const first = await entity.find(tx, claimed.resultId)
          if (!first) throw resultDeleted()
          return first
        }
        const row = await insert(tx, claimed?.resultId)
        await tell(tx, caller, entity, null, row)
        await audit(tx, caller, entity, action, row.id, null, row)
        return row
      }),

    update: (caller, entity, { id, operation = 'update', apply }) =>
      write(entity, async (tx) => {
        const before = await findLocked(tx, entity, id)
        const after = await apply(tx, before)
        const changed = changedFields(before, after)
        if (changed) {
          await tell(tx, caller, entity, before, after)
          await audit(tx, caller, entity, actionOn(entity, operation), id, changed.before, changed.after)
        }
        return after
      }),

    remove: (caller, entity, { id, assert }) =>
      write(entity, async (tx) => {
        const before = await findLocked(tx, entity, id)
        assert?.(before)
        const references = await countReferences(tx, entity.referrers, before)
        if (references.length > 0) throw inUse(entity.name, id, references, entity.remedy)
        await deleteRow(tx, entity.table, id)
        await tell(tx, caller, entity, before, null)
        await audit(tx, caller, entity, actionOn(entity, 'delete'), id, before, null)
        return before.id
      }),
  }
}

async function findLocked<Row extends { id: string }>(tx: Tx, entity: Entity<Row>, id: string): Promise<Row> {
  await lockRow(tx, entity.table, id)
  const row = await entity.find(tx, id)
  if (!row) throw notFound(entity.name, id)
  return row
}

async function claim(
  tx: Tx,
  { actor }: Caller,
  operation: string,
  key: string | null | undefined,
  input: object,
) {
  if (key == null) return null
  const owner = `${actor.kind}:${actor.userId ?? actor.apiKeyId ?? actor.service}`
  return claimKey(tx, { actor: owner, key, operation, input })
}

/** As the audit log spells it: `roster-entries.create`. */
const actionOn = ({ table }: { table: string }, operation: string) =>
  `${table.replaceAll('_', '-')}.${operation}`

function audit(
  tx: Tx,
  { actor, requestId }: Caller,
  entity: { name: string },
  action: string,
  entityId: string,
  before: object | null,
  after: object | null,
) {
  return recordAudit(tx, { action, entityType: entity.name, entityId, actor, requestId, before, after })
}

/** A constraint of the database stands behind every rule: what slips past a check, because of another writer, ends here. */
function explained(entity: Pick<Entity<never>, 'conflicts'>, error: unknown): unknown {
  for (const [index, toError] of Object.entries(entity.conflicts)) {
    if (isUniqueViolation(error, index)) return toError()
  }
  return isForeignKeyViolation(error) ? referenceGone(error) : error
}

const referenceGone = (cause: unknown) =>
  new DomainError({
    kind: 'conflict',
    code: 'STATS_UNKNOWN_REFERENCE',
    message: 'Something that this refers to was deleted in the meantime. Read again and decide.',
    cause,
  })

const resultDeleted = () =>
  new DomainError({
    kind: 'not-found',
    code: 'STATS_NOT_FOUND',
    message: 'What this request created the first time has been deleted since. Take a new idempotencyKey.',
  })
