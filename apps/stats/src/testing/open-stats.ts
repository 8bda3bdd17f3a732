import { openSubgraph, principals, type SubgraphHarness } from '@courtside/testing'
import pg from 'pg'
import { composeStats } from '../compose.ts'
import { createFixtures, type Fixtures, NOW } from './fixtures.ts'

export interface StatsHarness extends SubgraphHarness {
  /** Somebody who may do everything. */
  admin: ReturnType<SubgraphHarness['as']>
  /** A fan without an account. */
  anybody: ReturnType<SubgraphHarness['as']>
  make: Fixtures
  /** As the superuser, past the application and its checks. */
  sql<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>
}

/** Stats on a database of its own, at `NOW`. */
export async function openStats(): Promise<StatsHarness> {
  const harness = await openSubgraph('stats', composeStats, { now: NOW })
  const admin = harness.as(principals.user('admin'))
  const pool = new pg.Pool({ connectionString: harness.database.adminUrl, max: 2 })
  return {
    ...harness,
    admin,
    anybody: harness.as(principals.anonymous),
    make: createFixtures(admin),
    sql: async <Row extends object>(text: string, values: unknown[] = []) =>
      (await pool.query<Row>(text, values)).rows,
    async close() {
      await pool.end()
      await harness.close()
    },
  }
}
