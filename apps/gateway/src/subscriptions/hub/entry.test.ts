import { expect, test } from '@jest/globals'
import { Entry } from './entry.ts'

test('an event that is remembered holds the memory of its text, and no more', () => {
  const entry = new Entry({ cursor: null, epoch: -1, seq: -1 }, false, '', 0)
  entry.complete('{"data":{"name":"Zoë"}}')
  expect(entry.text.toString()).toBe('{"data":{"name":"Zoë"}}')
  expect(entry.text.buffer.byteLength).toBe(entry.text.length)
})
