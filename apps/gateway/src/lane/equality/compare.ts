import { ALLOWED_DIFFERENCES, type Compared } from './allowed-differences.ts'
import type { Answer } from './answer.ts'
import type { ApolloAnswer } from './open-apollo.ts'

export interface Answers {
  fast: Answer
  slow: Answer
  apollo: ApolloAnswer
}

export interface Difference {
  between: 'the lanes' | 'the fast lane and Apollo'
  what: 'data' | 'errors'
  fast: unknown
  other: unknown
}

/** What is not allowed to differ, and does. */
export function differencesIn(compared: Compared): Difference[] {
  const isAllowed = ALLOWED_DIFFERENCES.some(({ isAll }) => isAll(compared))
  return [...compare('the lanes', compared.fast, compared.slow), ...(isAllowed ? [] : fromApollo(compared))]
}

/** What differs from Apollo, allowed or not. */
export function fromApollo({ fast, apollo }: Compared): Difference[] {
  const errors = [...apollo.errors, ...apollo.holes.map(({ text }) => text)].toSorted()
  return compare('the fast lane and Apollo', fast, { data: apollo.data, errors })
}

function compare(between: Difference['between'], fast: Answer, other: Answer): Difference[] {
  const differences: Difference[] = []
  if (fast.data !== other.data)
    differences.push({ between, what: 'data', fast: fast.data, other: other.data })
  if (fast.errors.join('\n') !== other.errors.join('\n')) {
    differences.push({ between, what: 'errors', fast: fast.errors, other: other.errors })
  }
  return differences
}
