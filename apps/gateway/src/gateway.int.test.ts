import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type GatewayFixture, openGateway, type Wire } from './fixtures/gateway-fixture.ts'

describe.each<Wire>(['in-process', 'http'])('the gateway over %s transports', (wire) => {
  let fixture: GatewayFixture
  beforeAll(async () => {
    fixture = await openGateway(wire)
  })
  afterAll(() => fixture.stop())

  test('joins one entity from two subgraphs', async () => {
    const { status, data, errors } = await fixture.graphql('{ game(id: "7") { title mvp { name points } } }')
    expect(errors).toEqual([])
    expect(status).toBe(200)
    expect(data).toEqual({ game: { title: 'Game 7', mvp: { name: 'Name of mvp-of-7', points: 8 } } })
  })
})
