import { describe, expect, test } from '@jest/globals'
import { faultOf } from './compare-answers.ts'

const request = { headers: {}, body: '{}' }
const answering = (text: string, status = 200) => ({ ask: async () => ({ status, text }) })
const right = answering('{"data":{"game":{"id":"g1","venue":null}}}')

describe('the answers of a gateway', () => {
  test('are right when they hold the same, in whatever order', async () => {
    const other = answering('{"data":{"game":{"venue":null,"id":"g1"}}}')
    expect(await faultOf(other, right, [request])).toBeNull()
  })

  test.each([
    ['errors', answering('{"data":null,"errors":[{"message":"no such field"}]}'), 'it says: no such field'],
    [
      'other data',
      answering('{"data":{"game":{"id":"g2","venue":null}}}'),
      'it answers differently: {"data"',
    ],
    ['less data', answering('{"data":{"game":{"id":"g1"}}}'), 'it answers differently'],
    ['a page', answering('<html>', 502), 'it answers 502 <html>'],
    ['something else', answering('[]'), 'it answers 200 []'],
  ])('with %s are a fault in its own words', async (_, contender, words) => {
    expect(await faultOf(contender, right, [request])).toContain(words)
  })

  test('are all compared, not the first one alone', async () => {
    let asked = 0
    const forgetful = {
      ask: async () => ({ status: 200, text: (asked += 1) < 3 ? '{"data":1}' : '{"data":2}' }),
    }
    const reference = answering('{"data":1}')
    expect(await faultOf(forgetful, reference, [request, request])).toBeNull()
    expect(await faultOf(forgetful, reference, [request])).toContain('differently')
  })
})
