import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { composeServices } from '@apollo/composition'
import { workspaceRoot } from '@courtside/database/migrate'
import { readTypeDefs } from '@courtside/subgraph'
import { type DocumentNode, Kind, parse, visit } from 'graphql'

/** @apollo/gateway refuses a supergraph with directives for security that it does not enforce itself. */
const REFUSED = new Set(['authenticated', 'requiresScopes', 'policy'])

/** The graph of the real subgraphs as plain Apollo can serve it: the subgraphs alone guard it. */
export function composePlainSupergraph(addresses: Readonly<Record<string, string>>): string {
  const services = Object.entries(addresses).map(([name, url]) => {
    const source = pathToFileURL(path.join(workspaceRoot, 'apps', name, 'src/'))
    return { name, url, typeDefs: withoutRefused(parse(readTypeDefs(source))) }
  })
  const { supergraphSdl, errors = [] } = composeServices(services)
  if (!supergraphSdl) throw new Error(errors.map(({ message }) => message).join('\n'))
  return supergraphSdl
}

function withoutRefused(document: DocumentNode): DocumentNode {
  return visit(document, {
    [Kind.DIRECTIVE]: ({ name }) => (REFUSED.has(name.value) ? null : undefined),
    // In the list of what is imported.
    [Kind.STRING]: ({ value }) => (REFUSED.has(value.replace('@', '')) ? null : undefined),
  })
}
