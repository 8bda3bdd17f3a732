import { subgraphSdl } from '../sdl/index.ts'
import { subgraphNames } from '../workspace.ts'
import type { DocumentNode } from 'graphql'
import { accessFindings } from './access.ts'
import { cacheHintFindings } from './cache-hints.ts'
import { connectionFindings } from './connections.ts'
import type { Finding } from './finding.ts'
import { listSizeFindings } from './list-sizes.ts'
import { listFindings } from './lists.ts'
import { mutationFindings } from './mutations.ts'
import { indexSchema } from './schema-index.ts'
import { weightFindings } from './weights.ts'

export type { Finding }

/** What the SDL of a subgraph breaks of the rules that no general linter knows. */
export function findingsIn(document: DocumentNode): Finding[] {
  const index = indexSchema(document)
  const rules = [
    accessFindings,
    mutationFindings,
    listFindings,
    listSizeFindings,
    weightFindings,
    connectionFindings,
    cacheHintFindings,
  ]
  return rules.flatMap((rule) => rule(index))
}

/** The findings of all subgraphs. */
export function schemaFindings(): Finding[] {
  return subgraphNames().flatMap((name) => findingsIn(subgraphSdl(name)))
}
