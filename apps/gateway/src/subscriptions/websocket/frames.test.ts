import { describe, expect, test } from '@jest/globals'
import { Batch } from '../hub/index.ts'
import { encodeFrames, idInJson, textFrame } from './frames.ts'

/** The texts of whole, unmasked text frames, read as RFC 6455 says. */
function textsIn(bytes: Buffer): string[] {
  const texts: string[] = []
  for (let at = 0; at < bytes.length;) {
    expect(bytes[at]).toBe(0x81)
    const short = bytes[at + 1]!
    const [begin, length] =
      short < 126
        ? [at + 2, short]
        : short === 126
          ? [at + 4, bytes.readUInt16BE(at + 2)]
          : [at + 10, Number(bytes.readBigUInt64BE(at + 2))]
    texts.push(bytes.toString('utf8', begin, begin + length))
    at = begin + length
  }
  return texts
}

const batchOf = (...texts: string[]) =>
  new Batch(texts.map((text) => ({ text: Buffer.from(text), cursor: null })))

describe('a text frame', () => {
  test.each([0, 125, 126, 65_535, 65_536, 300_000])('of %i bytes says its length', (length) => {
    const text = 'x'.repeat(length)
    expect(textsIn(textFrame(text))).toEqual([text])
  })

  test('counts bytes, not letters', () => {
    expect(textsIn(textFrame('é🏀'))).toEqual(['é🏀'])
  })
})

describe('the frames of a batch', () => {
  test.each([1, 90, 65_400, 70_000])('carry payloads of about %i bytes, each with the id', (length) => {
    const payloads = [`"${'a'.repeat(length)}"`, '{"data":"é🏀"}']
    const [first, second] = textsIn(
      batchOf(...payloads)
        .encoded(encodeFrames)
        .of('game-7'),
    )
    expect(first).toBe(`{"id":"game-7","type":"next","payload":${payloads[0]}}`)
    expect(JSON.parse(second!)).toEqual({ id: 'game-7', type: 'next', payload: { data: 'é🏀' } })
  })

  test.each(['1', 'é', '🏀', '"\\', '\n\0', '\ud800', 'x'.repeat(128), '\u2028'.repeat(128)])(
    'carry the id %j as it was sent',
    (id) => {
      const inJson = idInJson(id)
      expect(inJson).toMatch(/^[\x20-\x7e]+$/)
      const [text] = textsIn(batchOf('1').encoded(encodeFrames).of(inJson))
      expect(JSON.parse(text!)).toEqual({ id, type: 'next', payload: 1 })
    },
  )

  test('are made once for ids of the same length', () => {
    const frames = batchOf('1').encoded(encodeFrames)
    expect(frames.of('b')).toBe(frames.of('a'))
    expect(frames.of('ab')).not.toBe(frames.of('a'))
  })

  test('that a socket still holds are not written into', () => {
    const frames = batchOf('1', '2').encoded(encodeFrames)
    const held = frames.of('a')
    const before = Buffer.from(held)
    frames.keep('a')
    const next = frames.of('b')
    expect(held.equals(before)).toBe(true)
    expect(textsIn(next).map((text) => (JSON.parse(text) as { id: string }).id)).toEqual(['b', 'b'])
  })

  test('of a long id are not kept, so nobody can make us keep a copy for each length', () => {
    const frames = batchOf('1').encoded(encodeFrames)
    const long = 'x'.repeat(65)
    expect(frames.of(long)).not.toBe(frames.of(long))
  })
})
