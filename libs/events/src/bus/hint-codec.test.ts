import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Fact } from '../fact.ts'
import { fact } from './fixtures/listening.ts'
import { decodeHint, decodeMessage, encodeHint, isSentBy, packMessages } from './hint-codec.ts'

const time = fc.date({ noInvalidDate: true })
const anyFact: fc.Arbitrary<Fact> = fc.record({
  stream: fc.string({ minLength: 1, maxLength: 60, unit: 'binary' }),
  seq: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  epoch: fc.nat(),
  type: fc.string({ unit: 'binary' }),
  // As the log has it: what is not JSON comes back from it as JSON.
  payload: fc.jsonValue({ stringUnit: 'binary' }).map((value): unknown => JSON.parse(JSON.stringify(value))),
  occurredAt: time,
  recordedAt: time,
  mediaTimeMs: fc.option(fc.nat()),
})

describe('hints on their way', () => {
  test('arrive as they were sent', () => {
    fc.assert(
      fc.property(anyFact, (sent) => {
        expect(decodeHint(encodeHint(sent, 1_000_000).text)).toEqual(sent)
      }),
    )
  })

  test('are packed in order, none left out, into messages within the limit', () => {
    fc.assert(
      fc.property(
        fc.array(anyFact, { maxLength: 40 }),
        fc.integer({ min: 400, max: 4_000 }),
        (facts, longest) => {
          const messages = packMessages(
            'me',
            facts.map((one) => encodeHint(one, longest / 2)),
            longest,
          )
          for (const message of messages) expect(Buffer.byteLength(message)).toBeLessThanOrEqual(longest)
          const places = messages
            .flatMap(decodeMessage)
            .map(({ stream, epoch, seq }) => ({ stream, epoch, seq }))
          expect(places).toEqual(facts.map(({ stream, epoch, seq }) => ({ stream, epoch, seq })))
        },
      ),
    )
  })

  test('are left out when even their place is longer than a message', () => {
    const [long, short] = [fact('g'.repeat(500), 1), fact('game:1', 1)]
    const messages = packMessages(
      'me',
      [long, short].map((one) => encodeHint(one, 50)),
      100,
    )
    expect(messages.flatMap(decodeMessage)).toEqual([{ stream: 'game:1', epoch: 1, seq: 1 }])
  })

  test('show who has sent them', () => {
    const [message = ''] = packMessages('me', [encodeHint(fact('game:1', 1), 1_000)], 1_000)
    expect([isSentBy('me', message), isSentBy('m', message), isSentBy('you', message)]).toEqual([
      true,
      false,
      false,
    ])
  })
})

describe('whatever else stands on a channel', () => {
  test('is no hint, and no reason to fail', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.json().map((text) => `me ${text}`),
        ),
        (message) => {
          for (const hint of decodeMessage(message)) expect(hint.seq).toBeGreaterThan(0)
        },
      ),
    )
    expect(decodeMessage(`me [["game:1",1,1]${' '.repeat(2 ** 20)}]`)).toEqual([])
  })
})
