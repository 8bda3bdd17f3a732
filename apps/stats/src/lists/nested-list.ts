import {
  type CursorValue,
  type PageArguments,
  type PageRequest,
  toConnection,
  toPageRequest,
} from '@courtside/kernel'
import { type Batch, createBatch } from '@courtside/subgraph'
import type { Database, Tx } from '../db.ts'
import type { CountedConnection } from './counted-connection.ts'

/** A list that many parents have, such as the games of each team: one statement fetches a page for each of them. */
export interface NestedList<Filter, Row> {
  keyLength: number
  keyOf(row: Row): readonly CursorValue[]
  /** In the order of the page within each parent. */
  rows(client: Tx, parents: readonly string[], filter: Filter, page: PageRequest): Promise<Nested<Row>[]>
  counts(client: Tx, parents: readonly string[], filter: Filter): Promise<Nested<{ count: number }>[]>
}

export type Nested<Row> = Row & { parentId: string }

export type NestedLists<Filter, Row> = (
  parentId: string,
  filter: Filter,
  page: PageArguments,
) => Promise<CountedConnection<Row>>

/** Make one an operation. Parents that ask for the same page of the same list are fetched together. */
export function createNestedLists<Filter, Row>(
  database: Database,
  { keyLength, keyOf, rows, counts }: NestedList<Filter, Row>,
): NestedLists<Filter, Row> {
  const pages = batchPerArgument(({ filter, page }: { filter: Filter; page: PageRequest }) =>
    createBatch<string, Nested<Row>[], Nested<Row>[]>(
      async (parents) => grouped(await database.read((client) => rows(client, parents, filter, page))),
      () => [],
    ),
  )
  const totals = batchPerArgument((filter: Filter) =>
    createBatch<string, Nested<{ count: number }>[], Nested<{ count: number }>[]>(
      async (parents) => grouped(await database.read((client) => counts(client, parents, filter))),
      () => [],
    ),
  )
  return async (parentId, filter, args) => {
    const page = toPageRequest(args, keyLength)
    const found = await pages({ filter, page }).load(parentId)
    return {
      ...toConnection(found, page, keyOf, (row): Row => row),
      count: async () => (await totals(filter).load(parentId))[0]?.count ?? 0,
    }
  }
}

/** A batch for each argument that is met; arguments are the same when their JSON is. */
export function batchPerArgument<Argument, Value>(
  create: (argument: Argument) => Batch<string, Value>,
): (argument: Argument) => Batch<string, Value> {
  const batches = new Map<string, Batch<string, Value>>()
  return (argument) => {
    const key = JSON.stringify(argument)
    let batch = batches.get(key)
    if (!batch) batches.set(key, (batch = create(argument)))
    return batch
  }
}

const grouped = <Row extends { parentId: string }>(rows: readonly Row[]): Map<string, Row[]> =>
  Map.groupBy(rows, (row) => row.parentId)
