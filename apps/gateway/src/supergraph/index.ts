export { followSupergraph, type HeldVersion, type LiveVersion } from './follow-supergraph.ts'
export { readSupergraph, subgraphsIn, type Supergraph } from './read-supergraph.ts'
export { readSupergraphFile } from './supergraph-file.ts'
