// The gateway of this repository as it runs in production, over the subgraphs of the domain.
// Usage: node ours.ts <OursSettings as JSON>
import { createIdentitySigner, createIdentityVerifier, generateIdentityKeys } from '@courtside/auth'
import { createGateway, httpTransport, inProcessTransport, type SubgraphTransport } from '@courtside/gateway'
import { createMetrics } from '@courtside/http'
import { createLogger } from '@courtside/logger'
import { createTracing, type TracingOptions } from '@courtside/telemetry'
import type { JWK } from 'jose'
import { type Addresses, createGameUpdates, subgraphsWithEventsAndIdentity } from '../domain/index.ts'
import { answerHappenings } from './answer-happenings.ts'
import { serveDomain } from './serve-domain.ts'
import { UNREACHABLE_SOCKETS, UNREACHABLE_RATES } from '../gateways/index.ts'

export interface OursSettings {
  port: number
  supergraphFile: string
  /** Of the subgraphs; null has them in this process. */
  addresses: Addresses | null
  signingKey: JWK
}

const { port, supergraphFile, addresses, signingKey } = JSON.parse(process.argv[2] ?? '') as OursSettings
// In production nothing is written of a request that went well and fast.
const log = createLogger({ name: 'gateway', level: 'info', pretty: false })
// One request in a hundred, as by default. What a collector would do with the spans is its own cost.
const exporter: TracingOptions['exporter'] = {
  export: (_spans, done) => done({ code: 0 }),
  shutdown: async () => undefined,
}
const keys = await generateIdentityKeys()
const metrics = createMetrics()

const gateway = await createGateway({
  supergraphFile,
  transports: addresses ? overHttp(addresses) : await inProcess(),
  identitySigner: await createIdentitySigner(keys.privateKey),
  production: true,
  limits: UNREACHABLE_RATES,
  webSocketLimits: UNREACHABLE_SOCKETS,
  metrics,
  tracing: await createTracing({ serviceName: 'gateway', exporter, sampleRate: 0.01, metrics, log }),
  log,
})
await gateway.listen({ host: '127.0.0.1', port })

function overHttp(addresses: Addresses): Record<string, SubgraphTransport> {
  return Object.fromEntries(Object.entries(addresses).map(([name, url]) => [name, httpTransport(url)]))
}

async function inProcess(): Promise<Record<string, SubgraphTransport>> {
  const transports: Record<string, SubgraphTransport> = {}
  const updates = createGameUpdates()
  answerHappenings(updates)
  for (const domain of subgraphsWithEventsAndIdentity(updates, signingKey)) {
    const identity = await createIdentityVerifier(keys.publicKey, domain.name)
    transports[domain.name] = inProcessTransport(await serveDomain(domain, identity, log))
  }
  return transports
}
