import {
  createIdentitySigner,
  createIdentityVerifier,
  generateIdentityKeys,
  IDENTITY_HEADER,
  type IdentityKeys,
  type IdentityVerifier,
  type Principal,
} from '@courtside/auth'
import { type StreamSettings, throwAwayStreamSettings } from '@courtside/events'
import type { Subgraph, SubgraphResponse } from '@courtside/subgraph'
import { cloneDatabase } from './postgres.ts'
import { createRecordedLog, type RecordedLog } from './recorded-log.ts'
import { createTestClock, type TestClock } from './test-clock.ts'

/** What a test has to offer to a subgraph's `compose`. */
export interface SubgraphDependencies {
  databaseUrl: string
  identity: IdentityVerifier
  clock: TestClock
  log: RecordedLog
  streams: StreamSettings
  introspection: boolean
}

export interface SubgraphOptions {
  /** Where the subgraph's clock stands at first. Default: the time at which the test begins. */
  now?: Date
}

export interface Refused {
  code: string
  message: string
  path: readonly (string | number)[] | undefined
  extensions: Readonly<Record<string, unknown>>
}

/** One caller. Documents go through the subgraph's own front door, with an assertion as the gateway signs it. */
export interface SubgraphClient {
  run<Data>(document: string, variables?: object): Promise<{ data: Data | null; errors: readonly Refused[] }>
  /** The data; throws with everything there is to know when there was any error. */
  ok<Data>(document: string, variables?: object): Promise<Data>
  /** The only error; throws when there is none, or more than one. */
  refusal(document: string, variables?: object): Promise<Refused>
}

export interface SubgraphHarness {
  readonly subgraph: Subgraph
  readonly database: Awaited<ReturnType<typeof cloneDatabase>>
  readonly clock: TestClock
  readonly log: RecordedLog
  readonly keys: IdentityKeys
  /** `headers` go beside the assertion, for example a request id. */
  as(principal: Principal, headers?: Readonly<Record<string, string>>): SubgraphClient
  close(): Promise<void>
}

/**
 * One subgraph on a database of its own.
 *
 *     const stats = await openSubgraph('stats', composeStats)
 *     await stats.as(principals.user('admin')).ok('mutation …', { input })
 */
export async function openSubgraph(
  name: string,
  compose: (dependencies: SubgraphDependencies) => Promise<Subgraph>,
  options: SubgraphOptions = {},
): Promise<SubgraphHarness> {
  const keys = await generateIdentityKeys()
  const signer = await createIdentitySigner(keys.privateKey)
  const database = await cloneDatabase(name)
  const clock = createTestClock(options.now ?? new Date())
  const log = createRecordedLog()
  const subgraph = await compose({
    databaseUrl: database.appUrl,
    identity: await createIdentityVerifier(keys.publicKey, name),
    clock,
    log,
    streams: throwAwayStreamSettings(),
    introspection: true,
  }).catch(async (error: unknown) => {
    await database.drop()
    throw error
  })

  return {
    subgraph,
    database,
    clock,
    log,
    keys,
    as(principal, headers = {}) {
      const execute = async (query: string, variables: object) => {
        const identity = await signer.assertionFor(principal, name)
        const response = await subgraph.execute({
          query,
          variables: asOnTheWire(variables) as Record<string, unknown>,
          headers: { ...headers, [IDENTITY_HEADER]: identity },
        })
        return asOnTheWire(response) as SubgraphResponse
      }
      return clientOf(execute, log)
    },
    async close() {
      await subgraph.stop()
      await database.drop()
    },
  }
}

/** What a request or a response is once JSON has carried it: without `undefined`, times as text. */
const asOnTheWire = (value: object): unknown => JSON.parse(JSON.stringify(value))

function clientOf(
  execute: (document: string, variables: object) => Promise<SubgraphResponse>,
  log: RecordedLog,
): SubgraphClient {
  const run = async <Data>(document: string, variables: object = {}) => {
    const { data, errors } = await execute(document, variables)
    return { data: (data ?? null) as Data | null, errors: (errors ?? []).map(toRefused) }
  }
  return {
    run,
    async ok<Data>(document: string, variables: object = {}) {
      const { data, errors } = await run<Data>(document, variables)
      if (data === null || errors.length > 0)
        throw failure('The operation failed', document, variables, errors, log)
      return data
    },
    async refusal(document, variables = {}) {
      const { data, errors } = await run(document, variables)
      const [error, ...others] = errors
      if (!error || others.length > 0) {
        throw failure(
          `Expected one error, got data ${JSON.stringify(data)}`,
          document,
          variables,
          errors,
          log,
        )
      }
      return error
    },
  }
}

function toRefused({
  message,
  path,
  extensions = {},
}: NonNullable<SubgraphResponse['errors']>[number]): Refused {
  return { code: String(extensions['code']), message, path, extensions }
}

function failure(
  what: string,
  document: string,
  variables: object,
  errors: readonly Refused[],
  log: RecordedLog,
): Error {
  const unexpected = log.lines
    .filter((line) => line.level === 'error')
    .map(({ fields, message }) => `${message}: ${fields['err'] instanceof Error ? fields['err'].stack : ''}`)
  return new Error(
    [
      what,
      `document: ${document.trim()}`,
      `variables: ${JSON.stringify(variables, null, 2)}`,
      `errors: ${JSON.stringify(errors, null, 2)}`,
      ...unexpected,
    ].join('\n'),
  )
}
