import type { QueryPlan } from '@apollo/query-planner'
import { type DocumentNode, print, visit } from 'graphql'

/**
 * What a compiled operation keeps, about. Measured on the heap for nineteen operations of 7 to 3,200 characters, which
 * kept 9 to 850 kB each after they had run: the estimate was between 0.9 and 1.7 times that. The document weighs most
 * for its length.
 */
const BYTES_AT_LEAST = 7_000
const BYTES_A_CHARACTER_OF_DOCUMENT = 100
const BYTES_A_CHARACTER_OF_PLAN = 10

/**
 * A text in the document is copied and not made into structure. Weighed like the rest, six operations with one of
 * 100,000 characters each dropped all others, and held less than 1 MB together.
 */
const BYTES_A_CHARACTER_OF_TEXT = 4

export function weigh(document: DocumentNode, plan: QueryPlan): number {
  const characters = (document.loc?.source.body ?? print(document)).length
  const ofText = charactersOfText(document)
  return (
    BYTES_AT_LEAST +
    Math.max(0, characters - ofText) * BYTES_A_CHARACTER_OF_DOCUMENT +
    ofText * BYTES_A_CHARACTER_OF_TEXT +
    Math.max(0, JSON.stringify(plan).length - ofText) * BYTES_A_CHARACTER_OF_PLAN
  )
}

function charactersOfText(document: DocumentNode): number {
  let characters = 0
  visit(document, {
    StringValue: ({ value }) => void (characters += value.length),
  })
  return characters
}
