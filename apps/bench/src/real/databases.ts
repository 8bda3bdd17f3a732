import { inScratch, startCluster } from '@courtside/database/embedded'
import { deploy, listSubgraphs, prepareSubgraph, workspaceRoot } from '@courtside/database/migrate'
import {
  demoAccounts,
  type DemoSession,
  openDemoSessions,
  seedAccounts,
} from '../../../../prisma/accounts/seed.ts'
import { demoStats, seedStats } from '../../../../prisma/stats/seed.ts'

export interface DemoDatabases {
  /** As the process of the subgraph. */
  appUrl(subgraph: string): string
  /** As those who read the facts of the subgraph from outside. */
  logUrl(subgraph: string): string
  /** Somebody who follows teams, players and people, and a session of theirs. */
  openSession(): Promise<DemoSession & { userId: string }>
  stop(): Promise<void>
}

/** A Postgres of their own with the demo data, which is gone at the end. */
export async function openDemoDatabases(): Promise<DemoDatabases> {
  const cluster = await startCluster({ directory: await inScratch(), throwAway: true })
  try {
    const urls = new Map<string, string>()
    for (const subgraph of await listSubgraphs(workspaceRoot)) {
      await prepareSubgraph(subgraph, cluster)
      await deploy(subgraph, cluster.roleUrl('owner', subgraph.database))
      urls.set(subgraph.name, cluster.roleUrl('app', subgraph.database))
    }
    const appUrl = (subgraph: string) => {
      const url = urls.get(subgraph)
      if (url === undefined) throw new Error(`There is no subgraph ${subgraph}`)
      return url
    }
    const now = new Date()
    const { teamIds, playerIds } = demoStats
    await seedStats(appUrl('stats'), now)
    await seedAccounts({ databaseUrl: appUrl('accounts'), now, teamIds, playerIds })
    return {
      appUrl,
      logUrl: (subgraph) => cluster.roleUrl('log_reader', subgraph),
      async openSession() {
        const sessions = await openDemoSessions(appUrl('accounts'), now)
        const session = sessions.find(({ role }) => role === 'member')
        const login = demoAccounts.logins.find(({ role }) => role === 'member')
        if (!session || !login) throw new Error('The demo has no member')
        return { ...session, userId: login.id }
      },
      stop: () => cluster.stop(),
    }
  } catch (error) {
    await cluster.stop()
    throw error
  }
}
