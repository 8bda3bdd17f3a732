/** What one request may ask for. Every refusal names the limit and what was asked. */
export interface Limits {
  /** The body of a request, in bytes. */
  readonly bodyBytes: number
  /** Words and signs of a document. People we know may send longer ones. */
  readonly tokens: { readonly anonymous: number; readonly known: number }
  /** Brackets within brackets, counted before parsing: what parses recursively must not be endless. */
  readonly nesting: number
  /**
   * Lists within lists, written into the document. @apollo/query-planner walks what is in a list twice, so what is
   * 30 lists deep a thousand million times.
   */
  readonly listNesting: number
  /** Fields within fields. */
  readonly depth: number
  /** Fields within fields below `__schema` and `__type`, which tools ask deeply. */
  readonly introspectionDepth: number
  readonly aliases: number
  readonly rootFields: number
  readonly directives: number
  /**
   * Fields and fragments with every spread written out: what the query planner has to work through. It plans about
   * 1,500 in 150 ms, and nothing else runs meanwhile.
   */
  readonly selections: number
  /**
   * Objects that the lists asked for may hold together, lists within lists multiplied: three levels of a hundred are
   * a million. A page counts what was asked for, a list without pages, such as a roster, what the schema assumes.
   */
  readonly items: number
  /**
   * Fields of all these objects together, also those that hold objects: without this limit 2 KB of a query bring
   * 17 MB and three seconds. A name of more than 31 letters counts again for each 32. The largest sensible page,
   * twelve rosters and where each player was before, has about 11,000.
   */
  readonly values: number
  /**
   * What one operation may cost. An object costs 1, with all its lists written out, and what the schema weighs its
   * weight: a search 50, hashing a password 1,000. So 1 is about 40 µs of the subgraphs' time at the dear end.
   */
  readonly cost: number
  /** Lists and objects within each other, in the variables. */
  readonly variablesDepth: number
  /** Values in the variables: every field of an object and every item of a list, at any depth. */
  readonly variableValues: number
  readonly requestsPerMinute: {
    /** For each address without a credential. */
    readonly address: number
    /** For each person. A partner's key carries its own. */
    readonly person: number
    /** For a partner's key that names none. */
    readonly partner: number
    /** Credentials that were refused, for each address: guessing keys must not become a load on accounts. */
    readonly refusedCredentials: number
  }
  /** What the operations of one caller may cost together. */
  readonly costPerMinute: {
    /** For each address without a credential. */
    readonly address: number
    /** For each person. A partner's key may carry its own. */
    readonly person: number
    /** For a partner's key that names none. */
    readonly partner: number
  }
}

export const DEFAULT_LIMITS: Limits = {
  bodyBytes: 256 * 1024,
  tokens: { anonymous: 2_000, known: 5_000 },
  nesting: 50,
  listNesting: 5,
  depth: 12,
  introspectionDepth: 20,
  aliases: 30,
  rootFields: 20,
  directives: 50,
  selections: 1_000,
  items: 20_000,
  values: 100_000,
  cost: 50_000,
  variablesDepth: 32,
  variableValues: 10_000,
  requestsPerMinute: { address: 6_000, person: 6_000, partner: 6_000, refusedCredentials: 120 },
  costPerMinute: { address: 300_000, person: 600_000, partner: 600_000 },
}
