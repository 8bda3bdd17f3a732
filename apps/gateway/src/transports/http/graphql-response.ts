import type { SubgraphAnswer } from '@courtside/federation'

/** Whether what a subgraph sent has the shape of an answer. What is inside `data` is the engine's to judge. */
export function isSubgraphAnswer(answer: unknown): answer is SubgraphAnswer {
  if (typeof answer !== 'object' || answer === null) return false
  const { data, errors } = answer as SubgraphAnswer
  if (errors !== undefined && !(Array.isArray(errors) && errors.every(isError))) return false
  // Who has no data must say why: taken for an answer, it would be an empty one that nobody is told about.
  return (
    isObject(data) || ((data === null || data === undefined) && errors !== undefined && errors.length > 0)
  )
}

function isError(error: unknown): boolean {
  return isObject(error) && typeof error['message'] === 'string'
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
