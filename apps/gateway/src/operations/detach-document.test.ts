import { describe, expect, test } from '@jest/globals'
import { collectGarbage } from '@courtside/testing'
import { type DocumentNode, parse } from 'graphql'
import { detachDocument } from './detach-document.ts'

const heapMegabytes = () => {
  collectGarbage()
  return process.memoryUsage().heapUsed / 2 ** 20
}

describe('a document on its own', () => {
  test('reads like the one that was parsed', () => {
    const text = `
      query TheNameOfThisOne($variableOfLength: [String!] = ["a default of some length", "\\u00e9"]) @include(if: true) {
        aliasOfThirteenLetters: field(text: """a block
          of text""", number: 12345678901234567890) { ...FragmentOfSomeLength on: onWhat ... on TypeWithALongName { id } }
      }
      fragment FragmentOfSomeLength on TypeWithALongName { fieldWithALongName }`
    const parsed = parse(text, { noLocation: true })
    expect(detachDocument(parse(text, { noLocation: true }))).toEqual(parsed)
  })

  test('holds nothing of its text, which may be large', () => {
    const kept: DocumentNode[] = []
    const before = heapMegabytes()
    for (let n = 0; n < 100; n += 1) {
      const text = `{ aliasOfThirteenLetters${n}: field } #${'x'.repeat(500_000)}`
      // What a client sends is one piece of memory.
      kept.push(detachDocument(parse(Buffer.from(text).toString(), { noLocation: true })))
    }
    expect(heapMegabytes() - before).toBeLessThan(5)
    expect(kept).toHaveLength(100)
  })
})
