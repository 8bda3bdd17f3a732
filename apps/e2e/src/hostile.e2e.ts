import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { graphClient } from './graph-client.ts'
import type { Attack, Target } from './hostile/attack.ts'
import { ACCESS, CREDENTIALS } from './hostile/credentials.ts'
import { DOCUMENTS, LARGE_PAGES, LISTS, SCHEMA } from './hostile/documents.ts'
import { AUDIENCE, AUTHORIZED_PARTY, type Issuer, startIssuer } from './hostile/issuer.ts'
import { REQUESTS } from './hostile/requests.ts'
import { HARMLESS, SCALARS, VALUES } from './hostile/values.ts'
import { signUp } from './people.ts'
import { allInOne, type RunningGraph, separateProcesses } from './shapes/index.ts'

/** What must never be in an answer: where our code is, what it asks the database, what it almost is called. */
const LEAKS =
  /\bat \S+ \(|node_modules|\.ts:\d+|\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\b [^]*\b(FROM|VALUES|SET|WHERE)\b|prisma|postgres|ECONN|Did you mean/i

const TABLES: readonly [string, readonly Attack[]][] = [
  ['documents', DOCUMENTS],
  ['lists', LISTS],
  ['questions about the schema', SCHEMA],
  ['requests', REQUESTS],
  ['credentials', CREDENTIALS],
  ['ways around the rules', ACCESS],
  ['values', VALUES],
  ['scalars', SCALARS],
]

describe.each([allInOne, separateProcesses])('hostile requests to the graph, $name', (shape) => {
  let issuer: Issuer
  let graph: RunningGraph
  let target: Target

  beforeAll(async () => {
    issuer = await startIssuer()
    const { name, jwksUrl } = issuer
    graph = await shape.start({
      production: true,
      externalIssuers: [
        { issuer: name, jwksUrl, audiences: [AUDIENCE], authorizedParties: [AUTHORIZED_PARTY] },
      ],
    })
    target = {
      url: graph.url,
      subgraphUrl: graph.subgraphUrl,
      viewer: await signUp(graph, 'vera'),
      issuer,
    }
    // What a process does for the first time it does slowly; that is not what is measured here.
    const { client } = target.viewer
    await client.ok(
      '{ me { email } games(first: 1) { totalCount } users(search: "x", first: 1) { totalCount } }',
    )
  }, 60_000)
  afterAll(async () => {
    await graph?.stop()
    await issuer?.stop()
  })

  describe.each(TABLES)('%s', (_, attacks) => {
    const possible = attacks.filter(({ direct }) => !direct || shape === separateProcesses)
    test.each(possible)('$name: $refusal', async ({ refusal, send }) => {
      const started = performance.now()
      const refused = await send(target)
      // Far more than it takes, also on a machine with much else to do: what hangs or explodes takes longer by far.
      expect(performance.now() - started).toBeLessThan(5_000)
      expect(describeRefusal(refused)).toBe(refusal)
      expect(refused.body).not.toMatch(LEAKS)
      expect((await fetch(`${target.url}/healthz`)).status).toBe(200)
    })
  })

  test.each(HARMLESS)('GW-19: text that is only text: $name', async ({ query, variables, data }) => {
    expect(await graphClient(target.url).ok(query, variables)).toEqual(data)
  })

  test.each(LARGE_PAGES)('what is large and not hostile: $name', async ({ query }) => {
    await graphClient(target.url).ok(query)
  })

  test('a good token of the trusted issuer is still good', async () => {
    const { client } = { client: graphClient(target.url, { authorization: `Bearer ${await issuer.sign()}` }) }
    expect(await client.ok('{ me { user { id } } }')).toEqual({ me: { user: { id: expect.any(String) } } })
  })

  test('who signed in before all this is still served', async () => {
    expect(await target.viewer.client.ok('{ me { email } }')).toEqual({ me: { email: 'vera@example.org' } })
  })
})

function describeRefusal({ status, body }: { status: number; body: string }): string {
  // What Node itself refuses has no body of ours.
  if (!body.startsWith('{')) return String(status)
  const { errors } = JSON.parse(body) as { errors?: { extensions?: { code?: string } }[] }
  return `${status} ${errors?.[0]?.extensions?.code}`
}
