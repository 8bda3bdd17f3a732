import { composeServices } from '@apollo/composition'
import { parse } from 'graphql'
import { type DomainSubgraph, linked } from './domain-subgraph.ts'

/** Where each subgraph is, by its name. */
export type Addresses = Readonly<Record<string, string>>

export function composeSupergraph(subgraphs: readonly DomainSubgraph[], addresses: Addresses): string {
  const services = subgraphs.map((subgraph) => ({
    name: subgraph.name,
    url: addresses[subgraph.name] ?? '',
    typeDefs: parse(linked(subgraph)),
  }))
  const { supergraphSdl, errors = [] } = composeServices(services)
  if (!supergraphSdl) throw new Error(errors.map(({ message }) => message).join('\n'))
  return supergraphSdl
}
