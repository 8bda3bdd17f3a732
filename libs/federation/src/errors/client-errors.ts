import type { GraphQLFormattedError } from 'graphql'
import { isJsonObject, type JsonObject, type PlanPath, type ResponsePath } from '../join/index.ts'

/** Tells where in the response something stands that a subgraph names by its own path. It may stand in many places. */
export type PlaceError = (path: PlanPath) => readonly ResponsePath[]

/** What a subgraph reported, as the client is told. */
export function toClientErrors(
  subgraph: string,
  errors: unknown,
  placesOf: PlaceError,
): readonly GraphQLFormattedError[] {
  if (!errors) return []
  if (!Array.isArray(errors)) return [brokenAnswer(subgraph, `Expected "errors" in response to be an array`)]
  return errors.flatMap((error: unknown) => {
    const reported = isJsonObject(error) ? error : {}
    const { message, extensions } = toClientError(subgraph, reported)
    const path = reported['path']
    if (!Array.isArray(path)) return [{ message, extensions }]
    return placesOf(path as PlanPath).map((place) => ({ message, path: place, extensions }))
  })
}

function toClientError(subgraph: string, { message, extensions }: JsonObject) {
  const own = isJsonObject(extensions) ? extensions : {}
  return {
    message:
      typeof message === 'string' && message !== ''
        ? message
        : `Error while fetching subquery from service "${subgraph}"`,
    extensions: { ...own, serviceName: subgraph, code: own['code'] || 'DOWNSTREAM_SERVICE_ERROR' },
  }
}

/** An answer that is no answer to what was asked. */
export function brokenAnswer(subgraph: string, message: string): GraphQLFormattedError {
  return { message, extensions: { serviceName: subgraph, code: 'INTERNAL_SERVER_ERROR' } }
}

/** Joined answers that do not fit together. Nobody can say any more whose they were. */
export function brokenData(message: string): GraphQLFormattedError {
  return { message, extensions: { code: 'INTERNAL_SERVER_ERROR' } }
}
