import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createSeededRandom } from '../seeded-random.ts'
import { createUnreliableBus } from './index.ts'
import { carriesHints, createReplySplitter } from './redis-replies.ts'

const blob = (text: string) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`
const list = (...items: string[]) => `*${items.length}\r\n${items.join('')}`
const message = (text: string) => list(blob('smessage'), blob('facts:1'), blob(`sender [["${text}",1,1]]`))
const push = (text: string) => `>3\r\n${blob('message')}${blob('facts:1')}${blob(`sender [["${text}",1,2]]`)}`

const REPLIES = [
  '+OK\r\n',
  ':12\r\n',
  '$-1\r\n',
  '*-1\r\n',
  '*0\r\n',
  '-ERR no\r\n',
  blob('two\r\nlines'),
  list(blob('é'), ':1\r\n', list('+a\r\n', blob('')), '$-1\r\n'),
  `%1\r\n${blob('key')}${list(':1\r\n')}`,
  message('{"seq":1}'),
  push('message'),
  list(blob('message'), blob('facts:1'), blob('17')),
]

describe('what Redis sends', () => {
  test('is split into the same replies however it is cut into pieces', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...REPLIES)),
        fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
        (replies, sizes) => {
          const bytes = Buffer.from(replies.join(''))
          const split = createReplySplitter()
          const found: string[] = []
          for (let at = 0; at < bytes.length;) {
            const size = sizes.next().value ?? 1
            found.push(...split(bytes.subarray(at, at + size)).map(String))
            at += size
          }
          expect(found).toEqual(replies)
        },
      ),
    )
  })

  test('carries hints only when it came from a channel, and is no question whether that is heard', () => {
    expect(REPLIES.filter((reply) => carriesHints(Buffer.from(reply)))).toEqual([
      message('{"seq":1}'),
      push('message'),
    ])
    expect(carriesHints(Buffer.from(list(blob('ssubscribe'), blob('facts:1'), ':1\r\n')))).toBe(false)
  })
})

describe('an unreliable bus', () => {
  const texts = ['one', 'two', 'three']
  const through = (faults: { dropped?: number; doubled?: number; reordered?: number }) => {
    const bus = createUnreliableBus(createSeededRandom(1))
    bus.set({ dropped: 0, doubled: 0, reordered: 0, ...faults })
    const rewrite = bus.rewrite()
    return { bus, got: texts.map((text) => rewrite(Buffer.from(message(text))).toString()) }
  }

  test('passes everything on until it is told otherwise', () => {
    expect(through({}).got).toEqual(texts.map(message))
  })

  test('drops, doubles or holds messages back until another has passed', () => {
    expect(through({ dropped: 1 }).got).toEqual(['', '', ''])
    expect(through({ doubled: 1 }).got).toEqual(texts.map((text) => message(text) + message(text)))
    const { bus } = through({})
    const rewrite = bus.rewrite()
    bus.set({ dropped: 0, doubled: 0, reordered: 1 })
    expect(String(rewrite(Buffer.from(message('one'))))).toBe('')
    bus.set({ dropped: 0, doubled: 0, reordered: 0 })
    expect(String(rewrite(Buffer.from(message('two'))))).toBe(message('two') + message('one'))
    expect(bus.figures).toEqual({ passed: 5, dropped: 0, doubled: 0, reordered: 1 })
  })

  test('never touches anything else', () => {
    const bus = createUnreliableBus(createSeededRandom(1))
    bus.set({ dropped: 1, doubled: 0, reordered: 0 })
    expect(String(bus.rewrite()(Buffer.from(`+OK\r\n${message('one')}:1\r\n`)))).toBe('+OK\r\n:1\r\n')
  })
})
