import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type FragmentDefinitionNode, Kind, type OperationDefinitionNode, print } from 'graphql'
import { apolloResponse } from './fixtures/apollo-response.ts'
import { schema } from './fixtures/archive-schema.ts'
import { randomData } from './fixtures/random-data.ts'
import { drawBy, randomDocument, randomVariables } from './fixtures/random-operation.ts'
import { compileWriter } from './index.ts'

const CASES = 3000
let written = 0, given = 0, odds = 0
function randomCase(brokenPercent: number) {
  return fc.noShrink(fc.integer()).map((seed) => {
    const draw = drawBy(seed)
    const document = randomDocument(draw)
    const [operation, ...rest] = document.definitions as [OperationDefinitionNode, ...FragmentDefinitionNode[]]
    const fragments = new Map(rest.map((fragment) => [fragment.name.value, fragment]))
    const variables = randomVariables(draw)
    const made = randomData(draw, operation.selectionSet.selections, fragments, brokenPercent)
    return { document, operation, fragments, variables, ...made, [fc.toStringMethod]: () => `${print(document)}\n${JSON.stringify(variables)}` }
  })
}
describe('The writer', () => {
  test.each([0, 4])('says what Apollo says (%i %% broken)', (percent) => {
    fc.assert(
      fc.property(randomCase(percent), ({ document, operation, fragments, variables, data, odd }) => {
        const write = compileWriter(schema, operation, fragments)
        if (!write) throw new Error('refused')
        const text = write(data, variables)
        const apollo = apolloResponse(document, variables, data)
        if (text !== null) { written++; expect({ text, errors: apollo.errors }).toEqual({ text: apollo.text, errors: 0 }) }
        else { given++; if (odd) odds++
          if (apollo.text !== null && apollo.errors === 0 && !apollo.holes && !odd) throw new Error(`gave up on ${apollo.text}`) }
      }),
      { numRuns: CASES },
    )
    console.log(written, given, odds)
  })
})
