import { composeServices } from '@apollo/composition'
import { StartupError } from '@courtside/kernel'
import { type ASTNode, getLocation, GraphQLError, type GraphQLSchema } from 'graphql'
import { subgraphSdl } from '../sdl/index.ts'
import { developmentPort, sdlFiles, subgraphNames } from '../workspace.ts'

export interface Composition {
  supergraphSdl: string
  /** The graph as its clients see it. */
  apiSchema: GraphQLSchema
  /** Places where subgraphs do not quite agree. */
  hints: string[]
}

/** One graph of all subgraphs that have SDL; throws with every fault and its place when they do not fit together. */
export function composeGraph(): Composition {
  const names = subgraphNames().filter((name) => sdlFiles(name).length > 0)
  const result = composeServices(
    names.map((name) => ({
      name,
      // Where it listens while developing; elsewhere the gateway has a setting for each subgraph.
      url: `http://127.0.0.1:${developmentPort(name)}/graphql`,
      typeDefs: readSubgraph(name),
    })),
  )
  if (result.errors !== undefined) {
    const faults = result.errors.map((error) => placed(error.message, error.nodes))
    throw new StartupError(
      `The subgraphs do not compose into one graph:\n${faults.join('\n')}\nMend the SDL there, then run: npm run compose`,
    )
  }
  return {
    supergraphSdl: result.supergraphSdl,
    apiSchema: result.schema.toAPISchema().toGraphQLJSSchema(),
    // The lowest level speaks of what composition is made for, such as a type that only one subgraph has.
    hints: result.hints
      .filter(({ definition }) => definition.level.name !== 'DEBUG')
      .map(({ message, nodes }) => placed(message, nodes)),
  }
}

function readSubgraph(name: string) {
  try {
    return subgraphSdl(name)
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error
    const [place] = error.locations ?? []
    throw new StartupError(
      `${error.source?.name}:${place?.line}: ${error.message}\nMend the SDL there, then run: npm run compose`,
    )
  }
}

/** A message below the places it speaks of. */
function placed(message: string, nodes: readonly ASTNode[] = []): string {
  const places = nodes.flatMap(({ loc }) =>
    loc ? [`  ${loc.source.name}:${getLocation(loc.source, loc.start).line}`] : [],
  )
  return [...new Set(places), `    ${message}`].join('\n')
}
