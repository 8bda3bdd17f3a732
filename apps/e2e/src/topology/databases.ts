import { cloneDatabase } from '@courtside/testing'

export interface SubgraphDatabase {
  /** As the subgraph's process. */
  appUrl: string
  /** As whoever reads its log from outside. */
  logReaderUrl: string
  /** As the superuser. */
  adminUrl: string
}

/** Where the subgraphs of a topology keep what they know. */
export interface Databases {
  of(subgraph: string): SubgraphDatabase
  /** With all their data. */
  drop(): Promise<void>
}

/** On the server that the tests share: fresh in a few milliseconds. */
export async function cloneDatabases(subgraphs: readonly string[]): Promise<Databases> {
  const clones = new Map(
    await Promise.all(subgraphs.map(async (name) => [name, await cloneDatabase(name)] as const)),
  )
  return {
    of(name) {
      const clone = clones.get(name)
      if (!clone) throw new Error(`There is no database of ${name}`)
      return clone
    },
    async drop() {
      await Promise.all([...clones.values()].map((clone) => clone.drop()))
    },
  }
}
