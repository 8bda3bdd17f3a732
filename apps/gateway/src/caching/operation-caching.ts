import type { DocumentNode, OperationDefinitionNode } from 'graphql'
import type { RequiredAccess } from '../access/index.ts'
import { type AnswerTags, answerTagsOf } from './answer-tags.ts'
import { type CachePolicy, cachePolicyOf } from './cache-policy.ts'
import type { CacheRules } from './cache-rules.ts'
import { invalidationsOf } from './invalidated-tags.ts'
import { variableNamesOf } from './request-key.ts'
import { createTaggedTypes } from './tagged-types.ts'
import type { Tag } from './tags.ts'

/** What is known about remembering and sharing the answers of one operation, whatever its variables and its caller. */
export interface OperationCaching {
  readonly id: string
  readonly variableNames: readonly string[]
  /** Null when answers must not be remembered by anybody, as those of a subscription: the next is another one. */
  readonly policy: CachePolicy | null
  /** Whether the answer, or each event, is the same for everybody. */
  readonly isForEverybody: boolean
  /** For an operation whose answers may be stored. */
  readonly tags: AnswerTags | null
  /** For a mutation: what it makes untrue. */
  readonly invalidates: readonly Tag[]
  /** About how many bytes this holds. */
  readonly weight: number
}

export interface OperationToCache {
  /** One in the world, and without brackets. */
  id: string
  document: DocumentNode
  operation: OperationDefinitionNode
  requires: readonly RequiredAccess[]
}

const OWN_BYTES = 500
/** A name has 200 letters at most. */
const NAME_BYTES = 250

export type CachePlanner = (given: OperationToCache) => OperationCaching

/** For the operations of one version of the graph. */
export function createCachePlanner(rules: CacheRules): CachePlanner {
  const tagged = createTaggedTypes(rules.schema)
  return ({ id, document, operation, requires }) => {
    const policy = guarded(cachePolicyOf(operation, document, rules), requires)
    const isForEverybody = policy?.scope === 'PUBLIC'
    const variableNames = variableNamesOf(operation)
    const isRead = operation.operation === 'query'
    const tags = isRead && isForEverybody ? answerTagsOf(operation, document, rules, tagged) : null
    return {
      id,
      variableNames,
      policy: isRead ? policy : null,
      isForEverybody,
      tags,
      invalidates: invalidationsOf(operation, document, rules, tagged),
      weight: OWN_BYTES + variableNames.length * NAME_BYTES + (tags?.weight ?? 0),
    }
  }
}

/** What not everybody may read is no answer for everybody, whatever the hints say. */
function guarded(policy: CachePolicy | null, requires: readonly RequiredAccess[]): CachePolicy | null {
  if (policy === null || requires.length === 0) return policy
  return { ...policy, scope: 'PRIVATE' }
}
