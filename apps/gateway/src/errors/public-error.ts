import { randomUUID } from 'node:crypto'
import { isUuid } from '@courtside/kernel'
import type { GraphQLFormattedError } from 'graphql'

/** An error as a client sees it. */
export interface PublicError {
  message: string
  path?: readonly (string | number)[]
  locations?: GraphQLFormattedError['locations']
  extensions: { code: string } & Record<string, unknown>
}

export interface Published {
  error: PublicError
  /** Set when the client is told nothing but an id: log the rest under it. */
  unexpected?: { errorId: string }
}

export interface PublishOptions {
  /** In production: a misspelt name must not be answered with the right one. */
  hideSuggestions: boolean
}

const CODE = /^[A-Z][A-Z0-9_]{0,63}$/

/** Says nothing to a client: the fault is ours, whatever it is called. */
const MASKED: ReadonlySet<string> = new Set(['INTERNAL_SERVER_ERROR', 'DOWNSTREAM_SERVICE_ERROR'])

/** From a subgraph these mean that we asked it something wrong. */
const MASKED_FROM_SUBGRAPH: ReadonlySet<string> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
])

/** Where an error came from, and how: what the libraries on the way add to `extensions`. */
const INTERNAL_EXTENSIONS: ReadonlySet<string> = new Set([
  'serviceName',
  'stacktrace',
  'exception',
  'originalError',
  'http',
  'query',
  'variables',
  'errorId',
])

/**
 * The one place where an error leaves the house. Known codes keep their message and their public details; what nobody
 * expected becomes an id.
 */
export function toPublicError(error: GraphQLFormattedError, options: PublishOptions): Published {
  const extensions = error.extensions ?? {}
  const { code } = extensions
  const fromSubgraph = 'serviceName' in extensions
  const path = toPublicPath(error.path)
  const where = path && { path }
  const known = typeof code === 'string' && CODE.test(code) && !MASKED.has(code)
  if (!known || (fromSubgraph && MASKED_FROM_SUBGRAPH.has(code))) {
    // A subgraph that masked its own error has logged it under its own id.
    const given = extensions['errorId']
    const errorId = typeof given === 'string' && isUuid(given) ? given : randomUUID()
    return {
      error: {
        message: `Something went wrong on our side. If it stays, report it with the id ${errorId}.`,
        ...where,
        extensions: { code: 'INTERNAL_SERVER_ERROR', errorId },
      },
      unexpected: { errorId },
    }
  }
  const details = Object.entries(extensions).filter(([name]) => !INTERNAL_EXTENSIONS.has(name))
  return {
    error: {
      message:
        fromSubgraph || !options.hideSuggestions
          ? cutMessage(error.message)
          : withoutSuggestions(error.message),
      ...where,
      // A subgraph's locations are in the operation that we sent it.
      ...(!fromSubgraph && error.locations && { locations: error.locations }),
      extensions: { ...Object.fromEntries(details), code },
    },
  }
}

/** Messages quote what was sent, which may be long, and one answer may hold many. */
export function cutMessage(message: string): string {
  if (message.length <= LONGEST_MESSAGE) return message
  return `${message.slice(0, LONGEST_MESSAGE - 1).toWellFormed()}…`
}

const LONGEST_MESSAGE = 300

/**
 * graphql-js ends a message about an unknown name with the names that look like it. A cut may have taken its last
 * sign, so whatever follows the words goes.
 */
export function withoutSuggestions(message: string): string {
  const cut = cutMessage(message)
  const suggestion = cut.lastIndexOf('Did you mean ')
  return suggestion === -1 ? cut : cut.slice(0, suggestion).trimEnd()
}

/** The plan's own marks are not places in the response, nor is whatever else a subgraph sends: the path ends before. */
function toPublicPath(path: GraphQLFormattedError['path']): readonly (string | number)[] | undefined {
  if (!path) return undefined
  const end = path.findIndex((step) => !isPublicStep(step))
  return end === -1 ? path : path.slice(0, end)
}

function isPublicStep(step: unknown): boolean {
  return typeof step === 'string' ? step !== '@' && step !== '_entities' : Number.isInteger(step)
}
