import { request as httpRequest } from 'node:http'
import { describe, expect, test } from '@jest/globals'
import { openGateway } from './fixtures/gateway-fixture.ts'

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise(setImmediate)
}

describe('a gateway that is stopped', () => {
  test('is not ready at once, serves on until that was noticed, and finishes what it has accepted', async () => {
    const fixture = await openGateway('http', { drainNoticeMs: 1_500 })
    const { entered, letGo } = fixture.stats.holdSlow()
    const answer = fixture.graphql('{ slow }')
    await entered
    const stopped = fixture.stop()
    const ready = await fetch(`${fixture.url}/readyz`)
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'not ready', problems: ['draining'] }])
    expect((await fixture.graphql('{ echo(text: "still served") }')).data).toEqual({ echo: 'still served' })
    await until(() =>
      fetch(`${fixture.url}/healthz`).then(
        () => false,
        () => true,
      ),
    )
    letGo()
    expect((await answer).data).toEqual({ slow: 'done' })
    await stopped
  })

  test('without anything to do leaves promptly', async () => {
    const fixture = await openGateway()
    await fixture.graphql('{ __typename }')
    const started = performance.now()
    await fixture.stop()
    expect(performance.now() - started).toBeLessThan(2_000)
  })

  test('that never listened can be stopped too', async () => {
    const fixture = await openGateway()
    await expect(fixture.gateway.listen({ host: '127.0.0.1', port: 0 })).rejects.toThrow()
    await fixture.stop()
  })
})

describe('a client that leaves', () => {
  test('is logged as gone, and the subgraph is not waited for', async () => {
    const fixture = await openGateway()
    const { entered, letGo } = fixture.stats.holdSlow()
    const request = httpRequest(`${fixture.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    })
    request.on('error', () => undefined)
    request.end('{"query":"{ slow }"}')
    await entered
    request.destroy()
    await until(() => fixture.log.lines.some(({ fields }) => fields['outcome'] === 'abandoned'))
    letGo()
    await fixture.stop()
    expect(fixture.log.lines.filter(({ level }) => level === 'error')).toEqual([])
  })
})
