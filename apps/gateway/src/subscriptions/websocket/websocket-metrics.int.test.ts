import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { openWebSockets, type WebSocketFixture } from '../../fixtures/websocket/websocket-fixture.ts'

let fixture: WebSocketFixture
beforeEach(async () => {
  fixture = await openWebSockets()
})
afterEach(() => fixture.close())

const figure = (name: string) => fixture.figuresOf(`courtside_gateway_websocket_${name}`)

test('the figures tell what is open, what was sent, and why what was closed', async () => {
  const client = await fixture.ready()
  client.subscribe('1')
  client.subscribe('2')
  await fixture.operations.untilBegun(2)
  fixture.operations.publish({ data: 1 }, { data: 2 }, { data: 3 })
  await client.untilNow()
  expect(await figure('connections')).toEqual({ '': 1 })
  expect(await figure('operations')).toEqual({ '': 2 })
  expect(await figure('messages_total')).toEqual({ '': 6 })
  expect(await figure('messages_total')).toEqual({ '': 6 })

  const bad = await fixture.connect()
  bad.send('nonsense')
  await bad.closed
  client.socket.close(4999)
  await client.closed
  await fixture.operations.untilStopped(2)
  await fixture.refusedUpgrade({}, '/elsewhere')
  expect(await figure('refused_total')).toEqual({ 'reason="path"': 1 })
  expect(await figure('connections')).toEqual({ '': 0 })
  expect(await figure('closed_total')).toEqual({ 'code="4400"': 1, 'code="other"': 1 })
})
