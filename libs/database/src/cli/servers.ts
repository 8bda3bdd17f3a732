import { type ClusterUrls, findRunningCluster, inScratch, startCluster } from '../embedded/index.ts'
import { type Console, withProgress } from './console.ts'

/** The embedded clusters a command uses, each started when first needed. */
export interface Servers {
  /** The one that keeps the data: as it runs, or started for this command. */
  embedded(): Promise<ClusterUrls>
  /** Any one, for a shadow database. */
  forShadow(): Promise<ClusterUrls>
  stop(): Promise<void>
}

export function createServers(directory: string, output: Console): Servers {
  const started: { stop(): Promise<void> }[] = []
  let embedded: Promise<ClusterUrls> | undefined
  let scratch: Promise<ClusterUrls> | undefined

  const start = async (what: string, options: Parameters<typeof startCluster>[0]) => {
    const cluster = await withProgress(output, what, () => startCluster(options))
    started.push(cluster)
    return cluster
  }
  const findOrStart = async () =>
    (await findRunningCluster(directory)) ?? start('Starting Postgres', { directory })
  const startScratch = async () =>
    start('Starting a Postgres for the comparison', { directory: await inScratch(), throwAway: true })

  return {
    embedded: () => (embedded ??= findOrStart()),
    async forShadow() {
      if (embedded !== undefined) return embedded
      return (await findRunningCluster(directory)) ?? (scratch ??= startScratch())
    },
    async stop() {
      await Promise.allSettled([embedded, scratch])
      await Promise.all(started.map((cluster) => cluster.stop()))
    },
  }
}
