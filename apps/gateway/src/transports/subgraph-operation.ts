import type { FetchRequest } from '@courtside/federation'

/** A question of the gateway's own, or of somebody who has no template for it. */
export interface SubgraphOperation {
  readonly query: string
  readonly operationName?: string | undefined
  readonly variables?: Readonly<Record<string, unknown>> | undefined
}

export function toFetchRequest({ query, operationName, variables = {} }: SubgraphOperation): FetchRequest {
  const type = MUTATION.test(query) ? 'mutation' : 'query'
  return { template: { query, operationName, type }, variables, representations: null }
}

/** Only the first definition is looked at: a plan's operation and ours come before their fragments. */
const MUTATION = /^\s*mutation\b/
