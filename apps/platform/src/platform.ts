import { composeAccounts } from '@courtside/accounts'
import { createIdentitySigner, createIdentityVerifier, type IdentityKeys } from '@courtside/auth'
import type { StreamSettings } from '@courtside/events'
import {
  createGateway,
  type GatewayOptions,
  type GatewaySettings,
  inProcessTransport,
} from '@courtside/gateway'
import type { Metrics } from '@courtside/http'
import type { Clock } from '@courtside/kernel'
import type { Logger } from '@courtside/logger'
import type { Running } from '@courtside/process'
import { composeStats } from '@courtside/stats'
import type { Subgraph } from '@courtside/subgraph'
import type { Tracing } from '@courtside/telemetry'

export interface PlatformOptions {
  host: string
  port: number
  /** As the process of the subgraph `name`. */
  databaseUrl(name: string): string
  /** The same, as those who read the facts of the subgraph `name` from outside. */
  logUrl(name: string): string
  /** The composed supergraph; followed while the platform runs. */
  supergraphFile: string
  identityKeys: IdentityKeys
  /** Encrypts what accounts must be able to read again: its signing keys. */
  accountsSecret: string
  /** Of every log in it. */
  streams: StreamSettings
  /** Default: as accounts has it. */
  accessTokenLifetimeMs?: number
  production: boolean
  metrics: Metrics
  /** Flushed by whoever made it, after the platform has stopped. Default: no request is traced. */
  tracing?: Tracing
  log: Logger
  clock?: Clock
  /** Settings of the gateway that are not the platform's to decide. */
  gateway?: GatewaySettings['options'] & Pick<GatewayOptions, 'limits'>
}

export interface Platform extends Running {
  url: string
}

/** Every subgraph and the gateway in one process: the same code as on many machines, without the wire between. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { host, port, production, tracing, log, clock, identityKeys } = options
  await using starting = new AsyncDisposableStack()
  const composed = async (subgraph: Promise<Subgraph>) => starting.adopt(await subgraph, (one) => one.stop())
  const shared = async (name: string) => ({
    databaseUrl: options.databaseUrl(name),
    identity: await createIdentityVerifier(identityKeys.publicKey, name, clock),
    streams: options.streams,
    introspection: !production,
    metrics: options.metrics,
    ...(tracing && { tracing }),
    log,
    clock,
  })

  const accounts = composeAccounts({
    ...(await shared('accounts')),
    secret: options.accountsSecret,
    ...(options.accessTokenLifetimeMs && { accessTokenLifetimeMs: options.accessTokenLifetimeMs }),
  })
  const stats = composeStats({ ...(await shared('stats')), accountsLogUrl: options.logUrl('accounts') })
  const subgraphs = await Promise.all([composed(accounts), composed(stats)])

  const gateway = await createGateway({
    supergraphFile: options.supergraphFile,
    transports: Object.fromEntries(
      subgraphs.map((subgraph) => [subgraph.name, inProcessTransport(subgraph)]),
    ),
    identitySigner: await createIdentitySigner(identityKeys.privateKey, clock),
    readiness: {
      async problems() {
        const perSubgraph = await Promise.all(
          subgraphs.map(async ({ name, readiness }) =>
            (await readiness.problems()).map((problem) => `${name}: ${problem}`),
          ),
        )
        return perSubgraph.flat()
      },
    },
    production,
    metrics: options.metrics,
    ...(tracing && { tracing }),
    log,
    clock,
    ...options.gateway,
  })
  starting.defer(() => gateway.stop())
  const { url } = await gateway.listen({ host, port })

  const started = starting.move()
  return { url, stop: () => started.disposeAsync(), drainMs: gateway.drainMs }
}
