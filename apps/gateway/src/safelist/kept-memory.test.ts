import { hash } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { collectGarbage } from '@courtside/testing'
import { createPersistedDocuments } from './index.ts'

const heapBytes = () => {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

test.each([
  ['very short', (n: number) => `{a${n}:a}`, 100_000],
  ['longer than they must be', (n: number) => `{a}#${n}${'x'.repeat(1_000)}`, 10_000],
  ['not written in Latin letters', (n: number) => `{a}#${n}${'語'.repeat(1_000)}`, 10_000],
])('documents that were sent with their hash take 8 MB, when they are %s too', (_, textOf, count) => {
  const documents = createPersistedDocuments({ textOf: () => undefined })
  const before = heapBytes()
  for (let n = 0; n < count; n += 1) {
    const text = textOf(n)
    documents.remember({ text, hash: hash('sha256', text) })
  }
  expect((heapBytes() - before) / 2 ** 20).toBeLessThan(10)
  // They are still there: what was sent last is known by its hash.
  const last = textOf(count - 1)
  expect(documents.resolve({ query: null, documentId: hash('sha256', last), extensions: {} }).text).toBe(last)
})
