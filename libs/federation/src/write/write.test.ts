import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type FragmentDefinitionNode, type OperationDefinitionNode, print } from 'graphql'
import { type ApolloResponse, createApolloShaping } from './fixtures/apollo-response.ts'
import { schema } from './fixtures/archive-schema.ts'
import { drawBy } from './fixtures/draw.ts'
import { randomData } from './fixtures/random-data.ts'
import { randomDocument, randomVariables } from './fixtures/random-operation.ts'
import { compileWriter } from './index.ts'

const OPERATIONS = 300
const ANSWERS = 4

interface Case {
  /** For whoever reads that it failed. */
  readonly what: string
  readonly text: string | null
  readonly apollo: ApolloResponse
  /** The data holds what Apollo lets pass though it is against the schema, so that giving up is right. */
  readonly odd: boolean
}

/** One operation, and some answers to it. */
function casesOf(seed: number, brokenPercent: number): Case[] {
  const draw = drawBy(seed)
  const document = randomDocument(draw)
  const [operation, ...rest] = document.definitions as [OperationDefinitionNode, ...FragmentDefinitionNode[]]
  const fragments = new Map(rest.map((fragment) => [fragment.name.value, fragment]))
  const write = compileWriter(schema, operation, fragments)
  if (!write) throw new Error(`Refused:\n${print(document)}`)
  const shape = createApolloShaping(document)
  return Array.from({ length: ANSWERS }, () => {
    const variables = randomVariables(draw)
    const { data, odd } = randomData(draw, operation.selectionSet.selections, fragments, brokenPercent)
    const what = `${print(document)}\n${JSON.stringify(variables)}`
    return { what, text: write(data, variables), apollo: shape(variables, data), odd }
  })
}

/** A seed is not worth shrinking: a smaller number makes another operation, not a smaller one. */
const seeds = fc.noShrink(fc.integer())

function forAllCases(brokenPercent: number, judge: (one: Case) => void): void {
  fc.assert(
    fc.property(seeds, (seed) => casesOf(seed, brokenPercent).forEach(judge)),
    { numRuns: OPERATIONS },
  )
}

describe('What is written for random operations', () => {
  test('is what Apollo makes of data that is as it should be', () => {
    forAllCases(0, ({ what, text, apollo }) => {
      const expected = { what, text: apollo.text ?? 'an error', errors: 0, holes: false }
      expect({ what, text, errors: apollo.errors, holes: apollo.holes }).toEqual(expected)
    })
  })

  test('is what Apollo makes of broken data, or nothing where that is not clean', () => {
    const seen = { written: 0, leftToApollo: 0, needlessly: 0 }
    forAllCases(3, ({ what, text, apollo, odd }) => {
      if (text !== null) {
        seen.written += 1
        expect({ what, text, errors: apollo.errors }).toEqual({ what, text: apollo.text, errors: 0 })
        return
      }
      seen.leftToApollo += 1
      const clean = apollo.text !== null && apollo.errors === 0 && !apollo.holes
      if (clean) seen.needlessly += 1
      if (clean && !odd) throw new Error(`Gave up for nothing:\n${what}\n${apollo.text ?? ''}`)
    })
    // Otherwise the test says little: of both there has to be much.
    const cases = OPERATIONS * ANSWERS
    expect(seen.written).toBeGreaterThan(cases / 5)
    expect(seen.leftToApollo).toBeGreaterThan(cases / 5)
    expect(seen.needlessly).toBeLessThan(cases / 20)
  })
})
