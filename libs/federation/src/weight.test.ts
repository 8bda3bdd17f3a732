import { expect, test } from '@jest/globals'
import { parse } from 'graphql'
import { createEngine } from './engine.ts'
import { LEAGUE } from './fixtures/league.ts'
import { loadGraph } from './graph/index.ts'

const engine = createEngine({
  graph: loadGraph(LEAGUE.supergraphSdl),
  fetch: () => Promise.resolve({ data: {} }),
})
const weightOf = (text: string) => engine.compile(parse(text), null).weight

test('an operation weighs as much as it is made of, and a text in it little more than itself', () => {
  const small = weightOf('{ now }')
  const long = 'x'.repeat(100_000)
  expect(weightOf(`{ ${Array.from({ length: 20 }, (_, n) => `a${n}: now`).join(' ')} }`)).toBeGreaterThan(
    2 * small,
  )
  const withText = weightOf(`mutation { rename(id: 1, title: "${long}") { title } }`)
  expect(withText).toBeGreaterThan(2 * long.length)
  expect(withText).toBeLessThan(10 * long.length)
})
