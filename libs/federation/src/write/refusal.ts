/** Says that an operation is not one to write fast. Whoever compiles catches it; the careful way serves the operation. */
export class Refusal extends Error {}

const NAME = /^[_A-Za-z][_0-9A-Za-z]*$/

/**
 * The only gate by which a name of a request reaches generated source. The GraphQL lexer lets through nothing else,
 * but a document can also be made by hand.
 */
export function assertName(name: string): string {
  if (!NAME.test(name)) throw new Refusal('a name that GraphQL does not have')
  return name
}
