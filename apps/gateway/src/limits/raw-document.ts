import { Lexer, Source, TokenKind } from 'graphql'
import type { Limits } from './limits.ts'
import { limitExceeded } from './limit-exceeded.ts'

/** Characters of a name. An alias stands in the answer once for each object, an operation's name in every log line. */
export const LONGEST_NAME = 200

export interface RawMeasure {
  /** Not counted on beyond the limit. */
  tokens: number
  /** The deepest nesting of `{`, `(` and `[`. */
  nesting: number
  /** The deepest nesting of `[` alone. */
  lists: number
}

/**
 * Counts what a document is made of without parsing it: the parser and all that follows are recursive, and this is
 * not. It stops at the limit, and so costs no more for a longer document. Throws the lexer's syntax error, and
 * the refusal of a name that is too long to be repeated.
 */
export function measureRawDocument(text: string, mostTokens: number): RawMeasure {
  const lexer = new Lexer(new Source(text))
  const measure = { tokens: 0, nesting: 0, lists: 0 }
  let open = 0
  let openLists = 0
  for (;;) {
    const { kind, start, end } = lexer.advance()
    if (kind === TokenKind.EOF) return measure
    measure.tokens += 1
    if (measure.tokens > mostTokens) return measure
    if (kind === TokenKind.NAME) assertNameLength(end - start)
    if (kind === TokenKind.BRACKET_L) measure.lists = Math.max(measure.lists, ++openLists)
    if (kind === TokenKind.BRACKET_R) openLists -= 1
    if (OPENING.has(kind)) measure.nesting = Math.max(measure.nesting, ++open)
    else if (CLOSING.has(kind)) open -= 1
  }
}

function assertNameLength(actual: number): void {
  if (actual <= LONGEST_NAME) return
  throw limitExceeded({
    code: 'NAME_LENGTH_LIMIT_EXCEEDED',
    limit: LONGEST_NAME,
    actual,
    what: `holds a name of ${actual} characters`,
    remedy: 'Shorten the name.',
  })
}

const OPENING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_L, TokenKind.PAREN_L, TokenKind.BRACKET_L])
const CLOSING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_R, TokenKind.PAREN_R, TokenKind.BRACKET_R])

export function assertNesting({ nesting, lists }: RawMeasure, limits: Limits): void {
  if (nesting > limits.nesting) {
    throw limitExceeded({
      code: 'NESTING_LIMIT_EXCEEDED',
      limit: limits.nesting,
      actual: nesting,
      what: `nests its brackets ${nesting} deep`,
      remedy: 'Send a flatter document.',
    })
  }
  if (lists > limits.listNesting) {
    throw limitExceeded({
      code: 'LIST_NESTING_LIMIT_EXCEEDED',
      limit: limits.listNesting,
      actual: lists,
      what: `nests its lists ${lists} deep`,
      remedy: 'Send the value as a variable.',
    })
  }
}

/** How long a document may be depends on who sends it. */
export function mostTokens(known: boolean, limits: Limits): number {
  return known ? limits.tokens.known : limits.tokens.anonymous
}

/** Asked for each request, cached document or not. */
export function assertTokens(tokens: number, known: boolean, limits: Limits): void {
  const limit = mostTokens(known, limits)
  if (tokens <= limit) return
  throw limitExceeded({
    code: 'TOKEN_LIMIT_EXCEEDED',
    limit,
    actual: tokens,
    what: `has more than ${limit} tokens`,
    remedy: known
      ? 'Ask for less in one request.'
      : 'Ask for less in one request, or sign in: then more is allowed.',
  })
}
