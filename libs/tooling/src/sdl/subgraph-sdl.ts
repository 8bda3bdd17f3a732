import { readFileSync } from 'node:fs'
import path from 'node:path'
import { type DefinitionNode, type DocumentNode, Kind, parse, Source } from 'graphql'
import { root, sdlFiles } from '../workspace.ts'

/** One document of all SDL files of a subgraph, in which every node knows its file. */
export function subgraphSdl(subgraph: string): DocumentNode {
  const definitions: DefinitionNode[] = sdlFiles(subgraph).flatMap((file) => [
    ...parse(new Source(readFileSync(path.join(root, file), 'utf8'), file)).definitions,
  ])
  return { kind: Kind.DOCUMENT, definitions }
}
