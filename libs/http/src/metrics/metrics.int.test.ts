import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { silentLogger } from '@courtside/logger'
import { createHttpEdge, createMetrics, type HttpEdge, type Metrics } from '../index.ts'

describe('/metrics', () => {
  let metrics: Metrics
  let edge: HttpEdge
  let url: string
  beforeAll(async () => {
    metrics = createMetrics()
    edge = createHttpEdge({ routes: [metrics.route], log: silentLogger })
    ;({ url } = await edge.listen({ host: '127.0.0.1', port: 0 }))
  })
  afterAll(() => edge.drain(0))

  test('tells the figures of Node and ours in the text format of Prometheus', async () => {
    metrics.counter('courtside_things_total', 'Things.', ['kind']).inc({ kind: 'small' }, 3)
    const response = await fetch(`${url}/metrics`)
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    const blocks = (await response.text()).split('\n\n')
    expect(blocks.length).toBeGreaterThan(10)
    for (const block of blocks)
      expect(block).toMatch(/^# HELP \S+ .+\n# TYPE \S+ (counter|gauge|histogram)(\n|$)/)
    expect(blocks.at(-1)).toBe(
      '# HELP courtside_things_total Things.\n# TYPE courtside_things_total counter\ncourtside_things_total{kind="small"} 3\n',
    )
  })

  test('asks for what somebody else counts when it tells it', async () => {
    let waiting = 3
    const gauge = metrics.gauge('courtside_waiting', 'Waiting.').with({})
    metrics.beforeTelling(() => gauge.set(waiting))
    const told = async () =>
      /^courtside_waiting (.+)$/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1]
    expect(await told()).toBe('3')
    waiting = 0
    expect(await told()).toBe('0')
  })
})
