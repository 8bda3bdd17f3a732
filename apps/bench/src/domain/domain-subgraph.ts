/** One owner of a part of the league, as data: what it serves is decided by whoever makes a server of it. */
export interface DomainSubgraph {
  readonly name: string
  /** Federation 2, without the line that links it: see `linked`. */
  readonly typeDefs: string
  /** Directives of the federation that `typeDefs` uses. */
  readonly imports: readonly string[]
  readonly resolvers: object
}

/** The whole SDL of a subgraph. */
export function linked({ typeDefs, imports }: Pick<DomainSubgraph, 'typeDefs' | 'imports'>): string {
  return `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ${JSON.stringify(imports)})
directive @public on FIELD_DEFINITION
${typeDefs}`
}
