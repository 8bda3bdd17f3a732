import { randomBytes } from 'node:crypto'
import { generateIdentityKeys } from '@courtside/auth'
import { freePort } from '@courtside/database/embedded'
import { startTestRedis, type TestRedis } from '@courtside/redis/testing/server'
import type { Databases } from './databases.ts'
import { createServerProcess, type ServerProcess } from './server-process.ts'
import { type Rewrite, startTcpProxy, type TcpProxy } from './tcp-proxy.ts'

export interface TopologyOptions {
  /** Dropped when the topology stops. */
  databases: Databases
  /** Default: 2. */
  gateways?: number
  /** Of stats: what one of them writes reaches the readers of the other only by way of Redis. Default: 2. */
  replicas?: number
  /** Changes what Redis says to one of its clients. Default: nothing. */
  rewriteRedis?: () => Rewrite
}

/** The platform as on several machines: every part a process of its own, in production's settings. */
export interface Topology {
  /** Through the proxy before the gateways. */
  readonly url: string
  readonly gateways: readonly ServerProcess[]
  readonly accounts: ServerProcess
  /** Its replicas. */
  readonly stats: readonly ServerProcess[]
  readonly processes: readonly ServerProcess[]
  readonly redis: TestRedis
  readonly databases: Databases
  /** Before the gateways, where clients connect. */
  readonly edge: TcpProxy
  /** Between the gateways and the replicas of stats. */
  readonly statsWire: TcpProxy
  /** Before Redis. */
  readonly redisWire: TcpProxy
  /** Before the Postgres of each subgraph. */
  readonly databaseWires: { readonly accounts: TcpProxy; readonly stats: TcpProxy }
  /** As the superuser of the database server. */
  adminUrl(subgraph: string): string
  /** What every process has said. */
  logs(): string
  stop(): Promise<void>
}

export async function startTopology(options: TopologyOptions): Promise<Topology> {
  const { databases, gateways: gatewayCount = 2, replicas = 2 } = options
  await using starting = new AsyncDisposableStack()
  starting.defer(() => databases.drop())
  const proxy = async (settings: Parameters<typeof startTcpProxy>[0]) =>
    starting.adopt(await startTcpProxy(settings), (started) => started.close())

  const redis = starting.adopt(await startTestRedis(), (started) => started.stop())
  const redisWire = await proxy({
    targets: () => [{ path: redis.url }],
    ...(options.rewriteRedis && { rewrite: options.rewriteRedis }),
  })
  const redisUrl = `redis://127.0.0.1:${redisWire.port}`
  const databaseWire = (subgraph: string) =>
    proxy({ targets: () => [{ port: Number(new URL(databases.of(subgraph).adminUrl).port) }] })
  const databaseWires = { accounts: await databaseWire('accounts'), stats: await databaseWire('stats') }
  const through = (url: string, { port }: TcpProxy) =>
    Object.assign(new URL(url), { port: String(port) }).href

  const keys = await generateIdentityKeys()
  const forAll = { NODE_ENV: 'production' }
  const forSubgraphs = {
    ...forAll,
    IDENTITY_PUBLIC_KEY: JSON.stringify(keys.publicKey),
    BUS: 'redis',
    REDIS_URL: redisUrl,
  }
  const ports = await freePorts(1 + replicas + gatewayCount)
  const portOf = (index: number) => ports[index] ?? 0
  const accountsDatabase = databases.of('accounts')
  const accounts = createServerProcess({
    name: 'accounts',
    app: 'accounts',
    port: portOf(0),
    environment: {
      ...forSubgraphs,
      ACCOUNTS_HOST: '127.0.0.1',
      ACCOUNTS_PORT: String(portOf(0)),
      ACCOUNTS_DATABASE_URL: through(accountsDatabase.appUrl, databaseWires.accounts),
      ACCOUNTS_SECRET: randomBytes(32).toString('base64url'),
      CURSOR_KEYS: `1:${randomBytes(32).toString('base64')}`,
    },
  })
  const cursorKeys = `1:${randomBytes(32).toString('base64')}`
  const stats = Array.from({ length: replicas }, (_, index) =>
    createServerProcess({
      name: `stats-${index + 1}`,
      app: 'stats',
      port: portOf(1 + index),
      environment: {
        ...forSubgraphs,
        STATS_HOST: '127.0.0.1',
        STATS_PORT: String(portOf(1 + index)),
        STATS_DATABASE_URL: through(databases.of('stats').appUrl, databaseWires.stats),
        ACCOUNTS_LOG_URL: through(accountsDatabase.logReaderUrl, databaseWires.accounts),
        CURSOR_KEYS: cursorKeys,
      },
    }),
  )
  const statsWire = await proxy({ targets: () => stats.map(({ port }) => ({ port })) })
  const gateways = Array.from({ length: gatewayCount }, (_, index) =>
    createServerProcess({
      name: `gateway-${index + 1}`,
      app: 'gateway',
      port: portOf(1 + replicas + index),
      environment: {
        ...forAll,
        HOST: '127.0.0.1',
        PORT: String(portOf(1 + replicas + index)),
        TRUST_PROXY: 'true',
        IDENTITY_PRIVATE_KEY: JSON.stringify(keys.privateKey),
        ACCOUNTS_URL: `${accounts.url}/graphql`,
        STATS_URL: `http://127.0.0.1:${statsWire.port}/graphql`,
        REDIS_URL: redisUrl,
      },
    }),
  )
  const processes = [accounts, ...stats, ...gateways]
  starting.defer(async () => {
    await Promise.all(processes.map((one) => one.end('SIGKILL')))
  })
  await Promise.all([accounts, ...stats].map((one) => one.start()))
  await Promise.all(gateways.map((gateway) => gateway.start()))
  const edge = await proxy({ targets: () => gateways.map(({ port }) => ({ port })) })

  const started = starting.move()
  return {
    url: `http://127.0.0.1:${edge.port}`,
    gateways,
    accounts,
    stats,
    statsWire,
    processes,
    redis,
    databases,
    edge,
    redisWire,
    databaseWires,
    adminUrl: (subgraph) => databases.of(subgraph).adminUrl,
    logs: () => processes.map(({ name, output }) => `— ${name} —\n${output}`).join('\n'),
    stop: () => started.disposeAsync(),
  }
}

/** Chosen together: two that are asked for one after the other may be the same. */
async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>()
  while (ports.size < count) ports.add(await freePort())
  return [...ports]
}
