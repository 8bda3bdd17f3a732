import type { DocumentNode } from 'graphql'

/** V8 copies shorter texts anyway. */
const SHORTEST_SLICE = 13

/**
 * Makes the names and texts of a document that was just parsed their own. As the parser leaves them they are slices of
 * the whole text, and V8 keeps the whole for as long as one of them: operations that are kept for longer than their
 * document held 100 kB of comments each, and weighed 13.
 */
export function detachDocument(document: DocumentNode): DocumentNode {
  // graphql-js declares its nodes read-only. This one was just parsed, and nobody else has it yet.
  detachWithin(document as unknown as Node)
  return document
}

/** As a document is in memory; what it is made of is not changed, only what that holds on to. */
type Node = Record<string, unknown>

function detachWithin(node: Node): void {
  for (const name of Object.keys(node)) {
    const value = node[name]
    if (typeof value === 'string') {
      if (value.length >= SHORTEST_SLICE && name !== 'kind') node[name] = detachText(value)
    } else if (typeof value === 'object' && value !== null) {
      detachWithin(value as Node)
    }
  }
}

/** The same letters in memory of their own. */
export function detachText(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le')
}
