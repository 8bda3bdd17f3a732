import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type GatewayFixture, openGateway } from '../fixtures/gateway-fixture.ts'
import { COST_HEADER } from '../limits/index.ts'

describe('the edge of a gateway', () => {
  let fixture: GatewayFixture
  beforeAll(async () => {
    fixture = await openGateway('in-process', { corsOrigins: ['https://app.example'], drainNoticeMs: 40 })
  })
  afterAll(() => fixture.stop())

  test('lets a page that traces itself say so', async () => {
    const { status, headers } = await fetch(`${fixture.url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://app.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,traceparent',
      },
    })
    expect(status).toBe(204)
    expect(headers.get('access-control-allow-headers')?.split(', ')).toContain('traceparent')
  })

  test('tells caches that an answer without its cost is none for who asks for that', async () => {
    const { headers } = await fetch(`${fixture.url}/graphql?query={__typename}`)
    expect(headers.get('vary')?.split(', ')).toContain(COST_HEADER)
  })

  test('may take its notice and its drain to stop, and whoever ends the process must know', () => {
    expect(fixture.gateway.drainMs).toBe(40 + 15_000)
  })
})
