import { randomBytes } from 'node:crypto'
import { StartupError } from '@courtside/kernel'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createCursorCodec, type CursorKey, toResume } from './index.ts'

const newKey = (id: number): CursorKey => ({ id, secret: randomBytes(32) })
const [old, current] = [newKey(7), newKey(255)]
const codec = createCursorCodec({ keys: [current, old] })

const place = fc.record({
  stream: fc.stringMatching(/^[a-z][a-z-]{0,22}:[A-Za-z0-9._-]{1,40}$/),
  epoch: fc.oneof(fc.nat(3), fc.nat()),
  seq: fc.oneof(fc.nat(300), fc.maxSafeNat()),
})
const longest = {
  stream: `${'k'.repeat(23)}:${'i'.repeat(40)}`,
  epoch: 2 ** 31 - 1,
  seq: Number.MAX_SAFE_INTEGER,
}

describe('a cursor', () => {
  test('holds a place, in at most 120 letters that a URL can hold', () => {
    fc.assert(
      fc.property(place, (given) => {
        const cursor = codec.encode(given)
        expect(cursor).toMatch(/^[\w-]{1,120}$/)
        expect(codec.decode(cursor, given.stream)).toEqual({ outcome: 'place', place: given })
      }),
    )
    const cursor = codec.encode(longest)
    expect(cursor.length).toBeLessThanOrEqual(120)
    expect(codec.decode(cursor, longest.stream)).toEqual({ outcome: 'place', place: longest })
  })

  test('with any bit flipped is refused', () => {
    fc.assert(
      fc.property(place, fc.nat(), (given, at) => {
        const bytes = Buffer.from(codec.encode(given), 'base64url')
        const bit = at % (bytes.length * 8)
        bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
        expect(codec.decode(bytes.toString('base64url'), given.stream)).toEqual({ outcome: 'invalid' })
      }),
      { numRuns: 500 },
    )
  })

  test('with any letter changed, added or left out is refused', () => {
    const letter = fc.constantFrom(...'ABCxyz019-_+/= .é\u0000')
    fc.assert(
      fc.property(
        place,
        fc.nat(),
        letter,
        fc.constantFrom(0, 1),
        fc.boolean(),
        (given, at, other, cut, keep) => {
          const cursor = codec.encode(given)
          const position = at % (cursor.length + 1)
          const changed = cursor.slice(0, position) + (keep ? other : '') + cursor.slice(position + cut)
          fc.pre(changed !== cursor)
          expect(codec.decode(changed, given.stream)).toEqual({ outcome: 'invalid' })
        },
      ),
      { numRuns: 500 },
    )
  })

  test('that somebody made up is refused, however it is made', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String(), fc.string({ minLength: 200 })), (text) => {
        expect(codec.decode(text, 'game:1')).toEqual({ outcome: 'invalid' })
      }),
    )
    const stranger = createCursorCodec({ keys: [newKey(current.id)] })
    const forged = stranger.encode({ stream: 'game:1', epoch: 1, seq: 1 })
    expect(codec.decode(forged, 'game:1')).toEqual({ outcome: 'invalid' })
  })

  test('of another stream is foreign', () => {
    const cursor = codec.encode({ stream: 'game:1', epoch: 1, seq: 5 })
    expect(codec.decode(cursor, 'game:2')).toEqual({ outcome: 'foreign' })
  })

  test('outlives its key’s turn, and not its key', () => {
    const given = { stream: 'game:1', epoch: 1, seq: 5 }
    const before = createCursorCodec({ keys: [old] }).encode(given)
    expect(codec.decode(before, 'game:1')).toEqual({ outcome: 'place', place: given })
    const after = createCursorCodec({ keys: [current] })
    expect(after.decode(before, 'game:1')).toEqual({ outcome: 'invalid' })
    expect(after.decode(codec.encode(given), 'game:1')).toEqual({ outcome: 'place', place: given })
  })

  test.each<[string, CursorKey[]]>([
    ['no key', []],
    ['a short key', [{ id: 1, secret: randomBytes(31) }]],
    ['an id that fits no byte', [{ id: 256, secret: randomBytes(32) }]],
    ['two keys of one id', [newKey(1), newKey(1)]],
  ])('is not made with %s', (_, keys) => {
    expect(() => createCursorCodec({ keys })).toThrow(StartupError)
  })
})

describe('a client that comes back', () => {
  const head = { epoch: 2, seq: 10, floor: 4 }
  const at = (seq: number, epoch = 2) => ({ stream: 'game:1', epoch, seq })

  test.each([
    ['where everything is there', at(7), head, { outcome: 'resume', seq: 7 }],
    ['at the end', at(10), head, { outcome: 'resume', seq: 10 }],
    ['just where retention ended', at(4), head, { outcome: 'resume', seq: 4 }],
    ['before that', at(3), head, { outcome: 'gap', floor: 4 }],
    ['from the future', at(11), head, { outcome: 'ahead' }],
    ['from before a restore', at(7, 1), head, { outcome: 'reset' }],
    ['from before a restore, beyond the end', at(11, 1), head, { outcome: 'reset' }],
    ['having seen nothing, before a restore', at(0, 1), { ...head, floor: 0 }, { outcome: 'resume', seq: 0 }],
    ['having seen nothing of what is removed', at(0), head, { outcome: 'gap', floor: 4 }],
    ['to a stream without facts, having seen some', at(1), undefined, { outcome: 'ahead' }],
    ['to a stream without facts, having seen none', at(0, 0), undefined, { outcome: 'resume', seq: 0 }],
  ])('%s', (_, place, current, expected) => {
    expect(toResume(place, current)).toEqual(expected)
  })
})
