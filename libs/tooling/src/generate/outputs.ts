import { API_SCHEMA, SUPERGRAPH, writeGraph } from '../compose/index.ts'
import { sdlFiles, subgraphNames } from '../workspace.ts'
import type { Output } from './freshness.ts'
import { prismaClient } from './prisma-client.ts'
import { resolverTypes } from './resolver-types.ts'

/**
 * - `clients`: the Prisma clients, which every subgraph loads;
 * - `graph`: both files of the composed graph, one of which the gateway loads;
 * - `types`: of resolvers, for the type checker and editors only.
 */
export type OutputKind = 'clients' | 'graph' | 'types'

export function outputsOf(kinds: readonly OutputKind[]): Output[] {
  const subgraphs = subgraphNames()
  const withSdl = subgraphs.filter((name) => sdlFiles(name).length > 0)
  return [
    ...(kinds.includes('clients') ? subgraphs.map(prismaClient) : []),
    ...(kinds.includes('graph') && withSdl.length > 0 ? [graph] : []),
    ...(kinds.includes('types') ? withSdl.map(resolverTypes) : []),
  ]
}

const graph: Output = {
  name: 'graph of all subgraphs',
  inputs: ['apps/*/src/**/*.graphql', 'apps/*/package.json', 'prisma/*/schema.prisma'],
  files: [API_SCHEMA, SUPERGRAPH],
  async generate() {
    await writeGraph()
  },
}
