import {
  createIdentitySigner,
  createIdentityVerifier,
  IDENTITY_HEADER,
  type Principal,
} from '@courtside/auth'
import { throwAwayStreamSettings } from '@courtside/events'
import { type AccountsOptions, composeAccounts } from '../compose.ts'
import { type AccountsHarness, CHEAPEST, TEST_SECRET } from './open-accounts.ts'

export interface AnotherProcess {
  ok<Data>(principal: Principal, document: string, variables?: object): Promise<Data>
  problems(): Promise<readonly string[]>
  stop(): Promise<void>
}

/** A second accounts subgraph on the same database, as another process or the same one after a restart. */
export async function startAnother(
  accounts: AccountsHarness,
  overrides: Partial<AccountsOptions> = {},
): Promise<AnotherProcess> {
  const signer = await createIdentitySigner(accounts.keys.privateKey)
  const subgraph = await composeAccounts({
    databaseUrl: accounts.database.appUrl,
    identity: await createIdentityVerifier(accounts.keys.publicKey, 'accounts'),
    clock: accounts.clock,
    log: accounts.log,
    introspection: true,
    secret: TEST_SECRET,
    passwords: { cost: CHEAPEST },
    streams: throwAwayStreamSettings(),
    ...overrides,
  })
  return {
    async ok<Data>(principal: Principal, query: string, variables: object = {}) {
      const headers = { [IDENTITY_HEADER]: await signer.assertionFor(principal, 'accounts') }
      const { data, errors } = await subgraph.execute({ query, variables: { ...variables }, headers })
      if (errors) throw new Error(`${query}\n${JSON.stringify(errors)}`)
      return JSON.parse(JSON.stringify(data)) as Data
    },
    problems: () => subgraph.readiness.problems(),
    stop: () => subgraph.stop(),
  }
}
