import { principals } from '@courtside/testing'
import type { AccountsHarness } from './open-accounts.ts'

export interface Resolved {
  kind: string
  userId: string | null
  sessionId: string | null
  apiKeyId: string | null
  roles: string[]
  scopes: string[]
  requestsPerMinute: number | null
  costPerMinute: number | null
  allowedOperations: string[] | null
}

export const RESOLVE = `query ($input: CredentialInput!) {
  resolveCredential(input: $input) {
    kind userId sessionId apiKeyId roles scopes requestsPerMinute costPerMinute allowedOperations
  }
}`

/** As the gateway asks. */
export async function resolve(accounts: AccountsHarness, input: object): Promise<Resolved | null> {
  const gateway = accounts.as(principals.service('gateway', 'resolve:identity'))
  return (await gateway.ok<{ resolveCredential: Resolved | null }>(RESOLVE, { input })).resolveCredential
}
