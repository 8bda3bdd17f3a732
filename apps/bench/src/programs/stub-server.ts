// All subgraphs of the domain, each behind a recording: so every gateway has the same subgraphs, and they cost next to
// nothing.
// Usage: node stub-server.ts <the public key that tokens are signed with, as JSON>
import type { JWK } from 'jose'
import { subgraphsWithIdentity } from '../domain/index.ts'
import { serveRecorded } from './recorded-subgraph.ts'

export interface StubsReady {
  addresses: Readonly<Record<string, string>>
}

export interface StubsCounted {
  calls: number
}

const subgraphs = await serveRecorded(subgraphsWithIdentity(JSON.parse(process.argv[2] ?? '') as JWK))
process.on('message', () => process.send?.({ calls: subgraphs.calls } satisfies StubsCounted))
process.send?.({ addresses: subgraphs.addresses } satisfies StubsReady)
