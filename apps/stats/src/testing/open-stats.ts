import {
  openSubgraph,
  principals,
  type Refused,
  type SubgraphDependencies,
  type SubgraphHarness,
} from '@courtside/testing'
import pg from 'pg'
import { composeStats, type StatsOptions } from '../compose.ts'
import { createFixtures, type Fixtures, NOW } from './fixtures.ts'

export interface StatsHarness extends SubgraphHarness {
  /** Somebody who may do everything. */
  admin: ReturnType<SubgraphHarness['as']>
  /** A fan without an account. */
  anybody: ReturnType<SubgraphHarness['as']>
  make: Fixtures
  /** Runs one mutation as the admin and returns its payload. */
  mutate<Payload>(name: string, input: object, selection: string): Promise<Payload>
  /** Runs one mutation as the admin, who must be refused. */
  refused(name: string, input: object): Promise<Refused>
  /** As the superuser, past the application and its checks. */
  sql<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>
}

/** Stats on a database of its own, at `NOW`. */
export async function openStats(
  overrides: Partial<Pick<StatsOptions, 'accountsLogUrl' | 'metrics'>> = {},
): Promise<StatsHarness> {
  const compose = (dependencies: SubgraphDependencies) => composeStats({ ...dependencies, ...overrides })
  const harness = await openSubgraph('stats', compose, { now: NOW })
  const admin = harness.as(principals.user('admin'))
  const superuser = new pg.Client({ connectionString: harness.database.adminUrl })
  await superuser.connect()
  return {
    ...harness,
    admin,
    anybody: harness.as(principals.anonymous),
    make: createFixtures(admin),
    mutate: async <Payload>(name: string, input: object, selection: string) =>
      (await admin.ok<{ payload: Payload }>(documentOf(name, selection), { input })).payload,
    refused: (name, input) => admin.refusal(documentOf(name, '__typename'), { input }),
    sql: async <Row extends object>(text: string, values?: unknown[]) =>
      (await superuser.query<Row>(text, values)).rows,
    async close() {
      await superuser.end()
      await harness.close()
    },
  }
}

const documentOf = (name: string, selection: string) => {
  const inputType = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
  return `mutation ($input: ${inputType}!) { payload: ${name}(input: $input) { ${selection} } }`
}
