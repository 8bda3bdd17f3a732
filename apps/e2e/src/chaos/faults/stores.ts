import { setTimeout as delay } from 'node:timers/promises'
import { withConnection } from '@courtside/database/migrate'
import { between } from './processes.ts'
import type { Fault, World } from './world.ts'

const SUBGRAPHS = ['accounts', 'stats'] as const
const DOWN_MS = { least: 200, most: 1_500 }
const STILL_MS = { least: 2_000, most: 5_000 }

export const killPostgres: Fault = {
  number: 4,
  name: 'the Postgres of stats is killed under load',
  lane: 'surroundings',
  async inflict(world) {
    await world.servers.kill('stats')
    await delay(between(world, DOWN_MS))
    await world.servers.startAgain('stats')
    return 'stats'
  },
}

export const cutDatabaseConnections: Fault = {
  number: 5,
  name: 'connections to a Postgres are ended by its administrator, or by the network',
  lane: 'surroundings',
  async inflict(world) {
    const subgraph = world.random.pick(SUBGRAPHS)
    if (world.random.fraction() < 0.5) {
      world.topology.databaseWires[subgraph].cut()
      return `${subgraph}, by the network`
    }
    await asAdmin(world, subgraph, [
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${subgraph}' AND pid <> pg_backend_pid()`,
    ])
    return `${subgraph}, by its administrator`
  },
}

export const freezePostgres: Fault = {
  number: 6,
  name: 'the Postgres of stats stands still',
  lane: 'surroundings',
  async inflict(world) {
    await world.servers.freeze('stats')
    await delay(between(world, STILL_MS))
    await world.servers.thaw('stats')
    return 'stats'
  },
}

export const noMoreConnections: Fault = {
  number: 7,
  name: 'a Postgres has no connections left',
  lane: 'surroundings',
  async inflict(world) {
    const allow = (most: number) => `ALTER DATABASE stats CONNECTION LIMIT ${most}`
    await asAdmin(world, 'stats', [allow(1)])
    world.topology.databaseWires.stats.cut()
    await delay(between(world, STILL_MS))
    await asAdmin(world, 'stats', [allow(-1)])
    return 'stats'
  },
}

export const killRedis: Fault = {
  number: 8,
  name: 'Redis is killed and forgets everything',
  lane: 'surroundings',
  async inflict(world) {
    const { redis } = world.topology
    await redis.kill()
    await delay(between(world, DOWN_MS))
    await redis.startAgain()
    return 'redis'
  },
}

export const freezeRedis: Fault = {
  number: 9,
  name: 'Redis stands still with its connections open',
  lane: 'surroundings',
  async inflict(world) {
    const { redis } = world.topology
    redis.freeze()
    await delay(between(world, STILL_MS))
    redis.thaw()
    return 'redis'
  },
}

/** As docs/runbooks say it: nobody writes between the restore and the new epoch. */
export const restoreBackup: Fault = {
  number: 36,
  name: 'stats is restored from a backup that lacks the end of the log',
  lane: 'alone',
  async inflict(world) {
    const { topology, servers, losses } = world
    await world.stopCreating()
    await servers.backUp('stats')
    const from = world.now()
    await world.burst()
    await Promise.all(topology.stats.map((one) => one.end('SIGTERM')))
    await servers.restore('stats')
    await Promise.all(topology.stats.map((one) => one.start()))
    losses.push({ from, until: world.now() })
    return 'stats'
  },
}

const asAdmin = ({ topology }: World, subgraph: string, statements: readonly string[]) =>
  withConnection(topology.adminUrl(subgraph), async (client) => {
    for (const statement of statements) await client.query(statement)
  })
