import { getLocation, type NameNode } from 'graphql'

/** A place in the SDL that breaks a rule. */
export interface Finding {
  /** `file:line` */
  place: string
  /** What is wrong, and how to mend it. */
  message: string
}

export function findingAt(node: ASTNode, message: string): Finding {
  const place = node.loc
    ? `${node.loc.source.name}:${getLocation(node.loc.source, node.loc.start).line}`
    : '?'
  return { place, message }
}
