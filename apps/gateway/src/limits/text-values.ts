import { type DocumentNode, Kind, visit } from 'graphql'
import { DomainError } from '@courtside/kernel'
import type { Limits } from './limits.ts'
import { limitExceeded } from './limit-exceeded.ts'

/**
 * Text that Postgres and JSON cannot hold: it would fail deep inside a subgraph, as a fault of ours. So it is
 * refused at the edge, as the caller's.
 */
export function isCleanText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

/** The document itself, before it is parsed. */
export function assertCleanDocument(text: string): void {
  if (!isCleanText(text)) throw uncleanText('The document')
}

/** String literals may hold NUL as an escape, which only parsing brings to light. */
export function assertCleanLiterals(document: DocumentNode): void {
  visit(document, {
    [Kind.STRING]: (node) => {
      if (!isCleanText(node.value)) throw uncleanText('A string in the document')
    },
  })
}

/** Variables are JSON of any depth and breadth, so they are walked without recursion, and counted. */
export function assertCleanVariables(variables: Readonly<Record<string, unknown>>, limits: Limits): void {
  const open: { value: unknown; depth: number }[] = [{ value: variables, depth: 0 }]
  let values = 0
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, depth } = next
    if (typeof value === 'string') {
      if (!isCleanText(value)) throw uncleanText('A variable')
    } else if (typeof value === 'object' && value !== null) {
      if (depth > limits.variablesDepth) throw tooDeep(limits)
      for (const [name, inner] of Object.entries(value)) {
        if (!isCleanText(name)) throw uncleanText('The name of a variable or of a field of one')
        open.push({ value: inner, depth: depth + 1 })
        values += 1
      }
    }
  }
  if (values > limits.variableValues) throw tooMany(values, limits)
}

function tooDeep(limits: Limits): DomainError {
  const limit = limits.variablesDepth
  return limitExceeded({
    code: 'VARIABLES_DEPTH_LIMIT_EXCEEDED',
    limit,
    actual: limit + 1,
    what: `nests its variables more than ${limit} deep`,
    remedy: 'Send flatter variables.',
  })
}

function tooMany(actual: number, limits: Limits): DomainError {
  return limitExceeded({
    code: 'VARIABLE_VALUES_LIMIT_EXCEEDED',
    limit: limits.variableValues,
    actual,
    what: `has ${actual} values in its variables`,
    remedy: 'Split it into several requests.',
  })
}

function uncleanText(where: string): DomainError {
  return new DomainError({
    kind: 'invalid',
    code: 'BAD_USER_INPUT',
    message: `${where} contains a NUL character or half of a surrogate pair. Remove it.`,
  })
}
