import { type ASTNode, TokenKind } from 'graphql'

/** The `#` comments right above a definition, that is, above its description. */
export function commentsAbove({ loc }: ASTNode): string[] {
  const comments: string[] = []
  for (let token = loc?.startToken.prev; token?.kind === TokenKind.COMMENT; token = token.prev) {
    comments.unshift(token.value.trim())
  }
  return comments
}
