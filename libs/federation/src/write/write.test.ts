import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type FragmentDefinitionNode, type OperationDefinitionNode, print } from 'graphql'
import { apolloResponse } from './fixtures/apollo-response.ts'
import { schema } from './fixtures/archive-schema.ts'
import { randomData } from './fixtures/random-data.ts'
import { drawBy } from './fixtures/draw.ts'
import { randomDocument, randomVariables } from './fixtures/random-operation.ts'
import { compileWriter } from './index.ts'

const CASES = 1000

/** A seed is not worth shrinking: the smaller number makes another operation, not a smaller one. */
const seeds = fc.noShrink(fc.integer())

interface Case {
  readonly what: string
  readonly text: string | null
  readonly apollo: ReturnType<typeof apolloResponse>
  readonly odd: boolean
}

function tryCase(seed: number, brokenPercent: number): Case {
  const draw = drawBy(seed)
  const document = randomDocument(draw)
  const [operation, ...rest] = document.definitions as [OperationDefinitionNode, ...FragmentDefinitionNode[]]
  const fragments = new Map(rest.map((fragment) => [fragment.name.value, fragment]))
  const variables = randomVariables(draw)
  const { data, odd } = randomData(draw, operation.selectionSet.selections, fragments, brokenPercent)
  const write = compileWriter(schema, operation, fragments)
  if (!write) throw new Error(`Refused:\n${print(document)}`)
  return {
    what: `${print(document)}\n${JSON.stringify(variables)}`,
    text: write(data, variables),
    apollo: apolloResponse(document, variables, data),
    odd,
  }
}

describe('What is written for random operations', () => {
  test('is what Apollo makes of data that is as it should be', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { what, text, apollo } = tryCase(seed, 0)
        if (apollo.text === null || text !== apollo.text) expect({ what, text }).toEqual({ what, ...apollo })
      }),
      { numRuns: CASES },
    )
  })

  test('is what Apollo makes of broken data, or nothing where that is not clean', () => {
    const seen = { written: 0, leftToApollo: 0, needlessly: 0 }
    fc.assert(
      fc.property(seeds, (seed) => {
        const { what, text, apollo, odd } = tryCase(seed, 3)
        if (text !== null) {
          seen.written += 1
          expect({ what, text, errors: 0 }).toEqual({ what, text: apollo.text, errors: apollo.errors })
          return
        }
        seen.leftToApollo += 1
        const clean = apollo.text !== null && apollo.errors === 0 && !apollo.holes
        if (clean) seen.needlessly += 1
        if (clean && !odd) throw new Error(`Gave up for nothing:\n${what}\n${apollo.text ?? ''}`)
      }),
      { numRuns: CASES },
    )
    // Otherwise the test says little: of both there has to be much.
    expect(seen.written).toBeGreaterThan(CASES / 5)
    expect(seen.leftToApollo).toBeGreaterThan(CASES / 5)
    expect(seen.needlessly).toBeLessThan(CASES / 20)
  })
})
