import { isUuid } from '@courtside/kernel'
import { createBatch } from '@courtside/subgraph'
import type { Database, Tx } from './db.ts'

/** Rows by id, for references and joins of one operation. */
export interface EntityLoader<Row> {
  /** Null for an id that is unknown, or none at all. */
  find(id: string): Promise<Row | null>
  /** For ids that a foreign key vouches for. */
  get(id: string): Promise<Row>
}

export function createEntityLoader<Row>(
  database: Database,
  findMany: (client: Tx, ids: readonly string[]) => Promise<Map<string, Row>>,
): EntityLoader<Row> {
  const batch = createBatch<string, Row>(
    (ids) => database.read((client) => findMany(client, ids)),
    () => null,
  )
  const find = async (id: string) => (isUuid(id) ? batch.load(id.toLowerCase()) : null)
  return {
    find,
    async get(id) {
      const row = await find(id)
      if (row === null) throw new Error(`The row ${id} is gone, though another one refers to it`)
      return row
    },
  }
}
