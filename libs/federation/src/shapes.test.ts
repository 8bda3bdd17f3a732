import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { expectSame, type OpenGraph, openGraph } from './fixtures/index.ts'
import { MEDIA, MEDIA_QUERIES } from './fixtures/media.ts'

let media: OpenGraph
beforeAll(async () => {
  media = await openGraph(MEDIA)
})
afterAll(() => media.stop())

describe('the engine answers as Apollo does', () => {
  test.each(Object.entries(MEDIA_QUERIES))('%s', async (_, query) => {
    const answer = await expectSame(media, { query })
    expect(answer.errors).toEqual([])
    expect(answer.holes).toEqual([])
  })

  test.each([
    [{ a: false, b: false }],
    [{ a: true, b: true }],
    [{ a: false, b: true }],
    [{ a: false }],
    [{ b: true }],
  ])('conditions by variables %j', async (variables) => {
    await expectSame(media, { query: MEDIA_QUERIES['a branch of each condition'] ?? '', variables })
  })
})

test('the engine keeps the type of an entity when a subgraph that knows only its interface answers last', async () => {
  const { data, asked } = await media.ours({
    query:
      'query ($x: Boolean!) { film(id: "f1") { score ... { __typename ...F @include(if: $x) } } } ' +
      'fragment F on Film { minutes __typename }',
    variables: { x: true },
    mangle: async (answer, { subgraph }) => {
      if (subgraph === 'reviews') await setImmediate()
      return answer
    },
  })
  expect(asked.find(({ subgraph }) => subgraph === 'reviews')?.query).toContain('on Media{__typename')
  expect(data).toEqual({ film: { score: 5, __typename: 'Film', minutes: 120 } })
})
