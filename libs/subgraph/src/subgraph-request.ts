export interface SubgraphOperation {
  query: string
  operationName?: string | undefined
  variables?: Readonly<Record<string, unknown>> | undefined
}

/** One operation for a subgraph, whatever carries it: HTTP between machines, a function call within a process. */
export interface SubgraphRequest extends SubgraphOperation {
  /** Lower-case names; the identity assertion and the request id are among them. */
  headers: Readonly<Record<string, string | undefined>>
}

/** Belongs to whoever asked: they may change it. */
export interface SubgraphResponse {
  data?: Record<string, unknown> | null
  errors?: readonly {
    message: string
    path?: readonly (string | number)[]
    extensions?: Record<string, unknown>
  }[]
}
