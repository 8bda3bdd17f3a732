/** Who did what to what, for every privileged write. Written in the transaction of the change itself. */
export interface AuditEntry {
  /** For example `teams.update`. */
  action: string
  entityType: string
  entityId: string
  actor: { kind: string; userId: string | null; apiKeyId: string | null; service: string | null }
  requestId: string
  /** The entity before and after, as far as it changed; null for what did not exist. */
  before: object | null
  after: object | null
}

interface RawExecutor {
  $executeRaw(query: TemplateStringsArray, ...values: unknown[]): Promise<number>
}

/**
 * Appends to `audit_log`. The table's trigger numbers the entries and chains their hashes; the application may insert
 * and read, never change or remove.
 */
export async function recordAudit(tx: RawExecutor, entry: AuditEntry): Promise<void> {
  const { actor } = entry
  await tx.$executeRaw`
    INSERT INTO audit_log (action, entity_type, entity_id, actor_kind, actor_user_id, actor_api_key_id, actor_service,
      request_id, before, after)
    VALUES (${entry.action}, ${entry.entityType}, ${entry.entityId}, ${actor.kind}, ${actor.userId}::uuid,
      ${actor.apiKeyId}::uuid, ${actor.service}, ${entry.requestId},
      ${toJson(entry.before)}::jsonb, ${toJson(entry.after)}::jsonb)`
}

const toJson = (value: object | null) => (value === null ? null : JSON.stringify(value))
