// All subgraphs of the domain behind one recording: the first request with a body is really answered, later ones with the
// same bytes get the same bytes. So every gateway has the same subgraphs, and they cost next to nothing.
// Usage: node stub-server.ts <the public key that tokens are signed with, as JSON>
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  createIdentitySigner,
  createIdentityVerifier,
  generateIdentityKeys,
  IDENTITY_HEADER,
  servicePrincipal,
} from '@courtside/auth'
import { silentLogger } from '@courtside/logger'
import type { Subgraph } from '@courtside/subgraph'
import type { JWK } from 'jose'
import { subgraphsWithIdentity } from '../domain/index.ts'
import { serveDomain } from './serve-domain.ts'

export interface StubsReady {
  addresses: Record<string, string>
}

export interface StubsCounted {
  calls: number
}

interface GraphqlBody {
  query: string
  operationName?: string
  variables?: Record<string, unknown>
}

const signingKey = JSON.parse(process.argv[2] ?? '') as JWK
const keys = await generateIdentityKeys()
const signer = await createIdentitySigner(keys.privateKey)
/** May read everything there is, as what is measured are gateways and not what subgraphs refuse. */
const reader = servicePrincipal('bench', ['resolve:identity'])
let calls = 0

const addresses: Record<string, string> = {}
for (const domain of subgraphsWithIdentity(signingKey)) {
  const identity = await createIdentityVerifier(keys.publicKey, domain.name)
  const subgraph = await serveDomain(domain, identity, silentLogger)
  addresses[domain.name] = await replay(subgraph)
}
process.on('message', () => process.send?.({ calls } satisfies StubsCounted))
process.send?.({ addresses } satisfies StubsReady)

async function replay(subgraph: Subgraph): Promise<string> {
  const recorded = new Map<string, Promise<Buffer>>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      calls += 1
      const body = Buffer.concat(chunks).toString('utf8')
      let answer = recorded.get(body)
      if (!answer) recorded.set(body, (answer = record(subgraph, body)))
      answer.then(
        (bytes) => {
          response.writeHead(200, {
            'content-type': 'application/json; charset=utf-8',
            'content-length': bytes.length,
          })
          response.end(bytes)
        },
        (error: unknown) => response.writeHead(500).end(String(error)),
      )
    })
  })
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`
}

async function record(subgraph: Subgraph, body: string): Promise<Buffer> {
  const { query, operationName, variables } = JSON.parse(body) as GraphqlBody
  const headers = { [IDENTITY_HEADER]: await signer.assertionFor(reader, subgraph.name) }
  return Buffer.from(JSON.stringify(await subgraph.execute({ query, operationName, variables, headers })))
}
