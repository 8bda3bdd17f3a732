// The gateway of this repository before the real subgraphs, each in a process of its own.
// Usage: node real-gateway.ts <RealGatewaySettings as JSON>
import { createIdentitySigner, type IdentityKeys } from '@courtside/auth'
import { createGateway, httpTransport } from '@courtside/gateway'
import { createMetrics } from '@courtside/http'
import { createLogger } from '@courtside/logger'
import { supergraphFile } from '@courtside/platform'
import { UNREACHABLE_SOCKETS, UNREACHABLE_RATES } from '../gateways/index.ts'

export interface RealGatewaySettings {
  port: number
  addresses: Readonly<Record<string, string>>
  privateKey: IdentityKeys['privateKey']
}

const { port, addresses, privateKey } = JSON.parse(process.argv[2] ?? '') as RealGatewaySettings
const gateway = await createGateway({
  supergraphFile,
  transports: Object.fromEntries(Object.entries(addresses).map(([name, url]) => [name, httpTransport(url)])),
  identitySigner: await createIdentitySigner(privateKey),
  production: true,
  limits: UNREACHABLE_RATES,
  webSocketLimits: UNREACHABLE_SOCKETS,
  metrics: createMetrics(),
  log: createLogger({ name: 'gateway', level: 'warn', pretty: false }),
})
await gateway.listen({ host: '127.0.0.1', port })
