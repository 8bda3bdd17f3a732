import type { ExternalIssuer } from '@courtside/platform'
import { cloneDatabase } from '@courtside/testing'

/** One way to run the same code. */
export interface Shape {
  name: string
  start(options?: ShapeOptions): Promise<RunningGraph>
}

export interface ShapeOptions {
  /** Default: false. */
  production?: boolean
  /** Issuers of tokens beside our own accounts. Default: none. */
  externalIssuers?: readonly ExternalIssuer[]
}

export interface RunningGraph {
  /** Of the gateway, without a path. */
  url: string
  /** As the superuser of the database server, to prepare what no client may do. */
  adminUrl(subgraph: string): string
  /** Where a subgraph listens, for shapes in which it does. */
  subgraphUrl(subgraph: string): string
  stop(): Promise<void>
}

/** Fresh databases, dropped at the end. */
export async function cloneDatabases(subgraphs: readonly string[]) {
  const clones = new Map(
    await Promise.all(subgraphs.map(async (name) => [name, await cloneDatabase(name)] as const)),
  )
  const of = (name: string) => {
    const clone = clones.get(name)
    if (!clone) throw new Error(`There is no database of ${name}`)
    return clone
  }
  return {
    of,
    drop: async () => {
      await Promise.all([...clones.values()].map((clone) => clone.drop()))
    },
  }
}
