import { composeServices } from '@apollo/composition'
import { readTypeDefs } from '@courtside/subgraph'
import { parse } from 'graphql'
import { readSupergraph, type Supergraph } from '../../supergraph/index.ts'

export interface GraphUnderTest {
  /** By the name of each subgraph. */
  readonly sdl: Readonly<Record<string, string>>
  readonly supergraph: Supergraph
}

/** The graph that the platform serves, composed anew from the SDL of its subgraphs. */
export function readWholeGraph(): GraphUnderTest {
  const sdlOf = (subgraph: string) => readTypeDefs(new URL(`../../../../${subgraph}/src/`, import.meta.url))
  return composeGraph({ accounts: sdlOf('accounts'), stats: sdlOf('stats') })
}

export function composeGraph(sdl: Readonly<Record<string, string>>): GraphUnderTest {
  const services = Object.entries(sdl).map(([name, text]) => ({
    name,
    url: `http://${name}.invalid/graphql`,
    typeDefs: parse(text),
  }))
  const { supergraphSdl, errors } = composeServices(services)
  if (!supergraphSdl) throw new Error(errors?.map(({ message }) => message).join('\n'))
  return { sdl, supergraph: readSupergraph(supergraphSdl) }
}
