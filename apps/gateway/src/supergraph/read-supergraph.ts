import { type ConstDirectiveNode, type DocumentNode, Kind, parse, print } from 'graphql'
import { StartupError } from '@courtside/kernel'
import { type AccessMap, createAccessMap } from '../access/index.ts'
import { withoutAccessDirectives } from './access-links.ts'

/** One composed supergraph, read and checked: what it asks of callers, and the rest as Apollo can load it. */
export interface Supergraph {
  readonly access: AccessMap
  /** Without the access directives. Never serve it without `access`. */
  readonly sdl: string
  readonly subgraphs: readonly string[]
}

/** Throws when the text is no supergraph, or when it asks for protection that nobody would enforce. */
export function readSupergraph(text: string): Supergraph {
  const document = parseSupergraph(text)
  // First what is enforced, then the copy without it: in this order nothing can be stripped unread.
  const access = createAccessMap(document)
  const sdl = print(withoutAccessDirectives(document))
  return { access, sdl, subgraphs: [...addressesOf(document).keys()] }
}

/** The subgraphs of a supergraph by name, with the addresses they were composed with. */
export function subgraphsIn(text: string): ReadonlyMap<string, string> {
  return addressesOf(parseSupergraph(text))
}

function parseSupergraph(text: string): DocumentNode {
  try {
    return parse(text, { noLocation: true })
  } catch (error) {
    throw new StartupError('This is not a supergraph: it cannot be parsed. Make it with npm run compose.', {
      cause: error,
    })
  }
}

function addressesOf(document: DocumentNode): ReadonlyMap<string, string> {
  const graphs = document.definitions.find(
    (definition) => definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === 'join__Graph',
  )
  const addresses =
    graphs?.kind === Kind.ENUM_TYPE_DEFINITION
      ? (graphs.values ?? []).flatMap(({ directives }) => addressIn(directives))
      : []
  if (addresses.length === 0) {
    throw new StartupError('This is not a supergraph: it names no subgraph. Make it with npm run compose.')
  }
  return new Map(addresses)
}

function addressIn(directives: readonly ConstDirectiveNode[] | undefined): [name: string, url: string][] {
  const graph = directives?.find(({ name }) => name.value === 'join__graph')
  const textOf = (wanted: string) => {
    const value = graph?.arguments?.find(({ name }) => name.value === wanted)?.value
    return value?.kind === Kind.STRING ? value.value : undefined
  }
  const [name, url] = [textOf('name'), textOf('url')]
  return name === undefined ? [] : [[name, url ?? '']]
}
