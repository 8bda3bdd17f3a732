/** One operation for a subgraph, whatever carries it: HTTP between machines, a function call within a process. */
export interface SubgraphRequest {
  query: string
  operationName?: string | undefined
  variables?: Record<string, unknown> | undefined
  /** Lower-case names; the identity assertion and the request id are among them. */
  headers: Readonly<Record<string, string | undefined>>
}

export interface SubgraphResponse {
  data?: Record<string, unknown> | null
  errors?: readonly {
    message: string
    path?: readonly (string | number)[]
    extensions?: Record<string, unknown>
  }[]
}
