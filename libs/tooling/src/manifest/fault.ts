import { type ASTNode, getLocation, type GraphQLError, type Source } from 'graphql'

/** What is wrong in a document, with its place as `file:line`. */
export interface Fault {
  place: string
  message: string
}

export function faultAt(source: Source, position: number, message: string): Fault {
  // A document inside a program begins somewhere in its file.
  const line = getLocation(source, position).line + source.locationOffset.line - 1
  return { place: `${source.name}:${line}`, message }
}

export function faultOf({ loc }: ASTNode, message: string): Fault {
  return loc ? faultAt(loc.source, loc.start, message) : { place: 'somewhere', message }
}

/** Where a fault of parsing or validation is: graphql-js knows the node or the place in the source. */
export function toFault({ nodes, source, positions, message }: GraphQLError): Fault {
  const [node] = nodes ?? []
  if (node) return faultOf(node, message)
  return source ? faultAt(source, positions?.[0] ?? 0, message) : { place: 'somewhere', message }
}
