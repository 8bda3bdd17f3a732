import { afterEach, describe, expect, test } from '@jest/globals'
import { type LiveGatewayFixture, openLiveGateway, type Transport } from './fixtures/live-gateway-fixture.ts'
import type { Wire } from './fixtures/gateway-fixture.ts'

const WATCH = 'subscription { scored(game: "1") { seq snapshot moment { text } } }'
const TRANSPORTS: readonly Transport[] = ['websocket', 'event stream', 'multipart']

let fixture: LiveGatewayFixture
afterEach(() => fixture.stop())

describe.each<Wire>(['in-process', 'http'])('with subgraphs %s', (wire) => {
  test('a hundred clients of whatever transport ask them as one, until the last has left', async () => {
    fixture = await openLiveGateway(wire)
    const { scores, figures } = fixture
    const watchers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => fixture.watch(TRANSPORTS[n % 3] ?? 'websocket', WATCH)),
    )
    await Promise.all(watchers.map((watcher) => watcher.until(0)))
    for (let n = 0; n < 20; n += 1) scores.score('1')
    await Promise.all(watchers.map((watcher) => watcher.until(20)))

    const dense = Array.from({ length: 21 }, (_, seq) => seq)
    for (const { seqs } of watchers) expect(seqs).toEqual(dense)
    expect(scores.asked).toEqual(['1'])
    // Events are completed side by side, so over the wire their questions may overtake each other.
    expect(scores.looked.toSorted()).toEqual(dense.map((seq) => `1-${seq}`).toSorted())
    expect(await figures('courtside_gateway_hub')).toMatchObject({
      'what="subscribers"': 100,
      'what="topics"': 1,
      'what="upstreams"': 1,
    })

    for (const watcher of watchers) watcher.leave()
    await scores.untilOpen(0)
    expect(await figures('courtside_gateway_hub')).toEqual({
      'what="subscribers"': 0,
      'what="topics"': 0,
      'what="upstreams"': 0,
      'what="waiting"': 0,
      'what="parked"': 0,
    })
  })

  test('who joins what others watch, or have just left, is no work for them', async () => {
    fixture = await openLiveGateway(wire)
    const { scores } = fixture
    const first = await fixture.watch('websocket', WATCH)
    await first.until(0)
    scores.score('1')
    await first.until(1)
    for (const transport of TRANSPORTS) {
      const joined = await fixture.watch(transport, WATCH)
      await joined.until(1)
      expect(joined.seqs).toEqual([0, 1])
      joined.leave()
    }
    first.leave()
    await untilNobody()
    const later = await fixture.watch('websocket', WATCH)
    await later.until(1)
    expect(scores.asked).toEqual(['1'])
    expect(scores.looked).toEqual(['1-0', '1-1'])
  })
})

async function untilNobody(): Promise<void> {
  for (;;) {
    const held = await fixture.figures('courtside_gateway_hub')
    if (held['what="subscribers"'] === 0) return
  }
}
