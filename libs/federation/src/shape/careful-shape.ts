import type { Operation } from '@apollo/federation-internals'
// Not for others to import, so the version is pinned. It is taken as it is because what it does to answers that break
// their schema is defined by itself alone: a copy would have to follow each of its turns, and this way is rarely gone.
// The tests that compare the engine with the whole of @apollo/gateway notice when a new version moves it.
import { computeResponse } from '@apollo/gateway/dist/resultShaping.js'
import type { GraphQLSchema, OperationDefinitionNode } from 'graphql'
import type { Variables } from '../fetch/index.ts'
import type { Joined, JsonObject } from '../join/index.ts'
import type { Outcome } from '../outcome.ts'
import { isGone } from './gone.ts'
import { introspect } from './introspection.ts'

export interface CarefulShapeOptions {
  schema: GraphQLSchema
  definition: OperationDefinitionNode
  /** The operation as the planner reads it. */
  operation: Operation
}

/** Makes of joined answers what the client selected, whatever subgraphs sent, and tells where they broke a type. */
export type CarefulShape = (joined: Joined, variables: Variables) => Outcome<JsonObject | null>

export function createCarefulShape({ schema, definition, operation }: CarefulShapeOptions): CarefulShape {
  return ({ data: input, errors, gone }, variables) => {
    try {
      const { data, errors: holes } = computeResponse({
        operation,
        variables,
        input: input ?? {},
        introspectionHandling: (field) => introspect(schema, definition, field, variables),
      })
      return {
        data: data ?? null,
        errors,
        // With errors at hand nobody can tell which holes they explain.
        holes:
          errors.length > 0
            ? []
            : holes.map(({ message, path = [] }) => ({ message, path, gone: isGone(path, input, gone) })),
      }
    } catch (error) {
      // What has not even the outline of its type ends the answer, and is itself all that can be said about it.
      const message = error instanceof Error ? error.message : String(error)
      return { data: null, errors: [{ message, extensions: { code: 'INTERNAL_SERVER_ERROR' } }], holes: [] }
    }
  }
}
