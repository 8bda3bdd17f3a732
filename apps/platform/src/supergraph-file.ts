import path from 'node:path'

/** Where composition puts the supergraph of this workspace. */
export const supergraphFile = path.resolve(import.meta.dirname, '../../gateway/generated/supergraph.graphql')
