import { hash } from 'node:crypto'
import { DomainError, StartupError } from '@courtside/kernel'
import type { OperationManifest } from './manifest.ts'

/** `required`: nobody runs what the manifest does not list. */
export type SafelistMode = 'off' | 'required'

/** A document that somebody wants to run. */
export interface RequestedDocument {
  readonly text: string
  /** Its SHA-256 in hexadecimal, where the request named it; null where nobody has worked it out. */
  readonly hash: string | null
}

export interface Safelist {
  /** The text of a listed operation. */
  textOf(id: string): string | undefined
  /**
   * Refuses a document that is not listed, or not among those that a partner's key is bound to. Called before the
   * text is parsed. Hashes it only where something depends on the hash.
   */
  assertListed(document: RequestedDocument, allowedOperations: readonly string[] | null): void
}

export function createSafelist(manifest: OperationManifest | null, mode: SafelistMode): Safelist {
  if (mode === 'required' && manifest === null) {
    throw new StartupError(
      'SAFELIST=required needs the list. Set OPERATIONS_MANIFEST to the file that npm run manifest makes.',
    )
  }
  const texts = new Map(manifest?.operations.map(({ id, body }) => [id, body]))
  // The list of a key stays the same object for as long as accounts gives the same answer.
  const allowedSets = new WeakMap<readonly string[], ReadonlySet<string>>()
  const setOf = (allowed: readonly string[]): ReadonlySet<string> => {
    let set = allowedSets.get(allowed)
    if (!set) allowedSets.set(allowed, (set = new Set(allowed)))
    return set
  }
  return {
    textOf: (id) => texts.get(id),
    assertListed(document, allowedOperations) {
      if (mode === 'off' && allowedOperations === null) return
      const id = document.hash ?? hash('sha256', document.text)
      if (mode === 'required' && !texts.has(id)) {
        throw notListed(
          'Only operations that were listed beforehand run here. Send one of them, by its id or with exactly its text.',
        )
      }
      if (allowedOperations && !setOf(allowedOperations).has(id)) {
        throw notListed(
          'This API key is for certain operations, and this is none of them. Send one of them, by its id or with exactly its text.',
        )
      }
    },
  }
}

function notListed(message: string): DomainError {
  return new DomainError({ kind: 'forbidden', code: 'OPERATION_NOT_LISTED', message })
}
