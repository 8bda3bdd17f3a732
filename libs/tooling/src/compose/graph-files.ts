import { writeIfChanged } from '../workspace-files.ts'

/** The graph as clients see it: committed, so that a review shows what a change does to them. */
export const API_SCHEMA = 'schema.graphql'

/** The graph as the gateway needs it, with the owner of each field. */
export const SUPERGRAPH = 'apps/gateway/generated/supergraph.graphql'

export interface ComposedFiles {
  /** Content by path. */
  files: Record<string, string>
  hints: string[]
}

/** Both files of the graph as they should be now. Loads the composition library, which takes some 0.3 s. */
export async function composeFiles(): Promise<ComposedFiles> {
  const [{ composeGraph }, { toApiSdl }] = await Promise.all([
    import('./compose-graph.ts'),
    import('./api-sdl.ts'),
  ])
  const { supergraphSdl, apiSchema, hints } = composeGraph()
  return { files: { [API_SCHEMA]: toApiSdl(apiSchema), [SUPERGRAPH]: supergraphSdl }, hints }
}

/** Brings both files up to date. */
export async function writeGraph(): Promise<ComposedFiles> {
  const composed = await composeFiles()
  for (const [file, content] of Object.entries(composed.files)) writeIfChanged(file, content)
  return composed
}
