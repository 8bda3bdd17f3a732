import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type AuditResult, serverAudits } from 'graphql-http'
import { type GatewayFixture, openGateway } from './fixtures/gateway-fixture.ts'

/** What the GraphQL-over-HTTP specification asks of a server, checked by those who look after it. */
describe.each([
  ['fast', false],
  ['slow', true],
])('the GraphQL-over-HTTP audit, in the %s lane', (_, slowOnly) => {
  let opened: GatewayFixture
  beforeAll(async () => {
    opened = await openGateway('in-process', { slowOnly })
  })
  afterAll(() => opened.stop())

  const audits = serverAudits({ url: () => `${opened.url}/graphql`, fetchFn: fetch })

  test.each(audits.map((audit) => ({ name: `${audit.id}: ${audit.name}`, audit })))(
    '$name',
    async ({ audit }) => {
      expect(await wordsOf(await audit.fn())).toBe('ok')
    },
  )
})

async function wordsOf(result: AuditResult): Promise<string> {
  if (result.status === 'ok') return 'ok'
  const { response } = result
  return `${result.status}: ${result.reason}. Answered ${response.status} ${await response.text()}`
}
