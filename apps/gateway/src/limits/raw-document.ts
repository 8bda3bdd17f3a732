import { Lexer, Source, TokenKind } from 'graphql'
import type { Limits } from './limits.ts'
import { limitExceeded } from './limit-exceeded.ts'

export interface RawMeasure {
  tokens: number
  /** The deepest nesting of `{`, `(` and `[`. */
  nesting: number
}

/**
 * Counts what a document is made of without parsing it: the parser and all that follows are recursive, and this is
 * not. A full body of brackets takes about 10 ms. Throws the lexer's syntax error.
 */
export function measureRawDocument(text: string): RawMeasure {
  const lexer = new Lexer(new Source(text))
  let tokens = 0
  let nesting = 0
  let open = 0
  for (;;) {
    switch (lexer.advance().kind) {
      case TokenKind.EOF:
        return { tokens, nesting }
      case TokenKind.BRACE_L:
      case TokenKind.PAREN_L:
      case TokenKind.BRACKET_L:
        open += 1
        if (open > nesting) nesting = open
        break
      case TokenKind.BRACE_R:
      case TokenKind.PAREN_R:
      case TokenKind.BRACKET_R:
        open -= 1
        break
      default:
    }
    tokens += 1
  }
}

export function assertNesting({ nesting }: RawMeasure, limits: Limits): void {
  if (nesting <= limits.nesting) return
  throw limitExceeded({
    code: 'NESTING_LIMIT_EXCEEDED',
    limit: limits.nesting,
    actual: nesting,
    what: `nests its brackets ${nesting} deep`,
    remedy: 'Send a flatter document.',
  })
}

/** How long a document may be depends on who sends it, so this is asked for each request, cached document or not. */
export function assertTokens(tokens: number, known: boolean, limits: Limits): void {
  const limit = known ? limits.tokens.known : limits.tokens.anonymous
  if (tokens <= limit) return
  throw limitExceeded({
    code: 'TOKEN_LIMIT_EXCEEDED',
    limit,
    actual: tokens,
    what: `has ${tokens} tokens`,
    remedy: known
      ? 'Ask for less in one request.'
      : 'Ask for less in one request, or sign in: then more is allowed.',
  })
}
