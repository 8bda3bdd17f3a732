import type { Principal } from '@courtside/auth'
import type { OperationDefinitionNode } from 'graphql'

/** Whose answer it is: that of everybody, or of one caller as subgraphs see them. */
export type Audience = string

/** Not JSON, so nobody's own audience can read like it. */
export const EVERYBODY: Audience = 'everybody'

const known = new WeakMap<Principal, string>()

/**
 * All that a subgraph is told about who asks. The text of a principal is made once: principals are remembered by their
 * credential, and never changed.
 */
export function audienceOf(
  principal: Principal,
  clientAddress: string | null,
  clientAgent: string | null,
): Audience {
  let text = known.get(principal)
  if (text === undefined) {
    const { kind, userId, sessionId, apiKeyId, service, roles, scopes } = principal
    text = JSON.stringify([kind, userId, sessionId, apiKeyId, service, roles, scopes])
    known.set(principal, text)
  }
  return text + measured(clientAddress) + measured(clientAgent)
}

/** Its length goes before it, so nothing in it can be taken for its end. A third of the time that JSON takes. */
function measured(text: string | null): string {
  return text === null ? '-' : `${text.length}:${text}`
}

type Variables = Readonly<Record<string, unknown>>

/** The names of the variables that an operation reads, in the order of its text. */
export function variableNamesOf(operation: OperationDefinitionNode): readonly string[] {
  return (operation.variableDefinitions ?? []).map(({ variable }) => variable.name.value)
}

/**
 * Equal for requests that must have equal answers, and different for all others: an id without brackets, then what
 * ends by its own grammar, as JSON does. So no value can imitate the end of one part and the beginning of the next.
 * Not hashed: 0.1 µs for one variable and 0.4 µs for three with an object, where SHA-256 alone would take 1 µs.
 */
export function requestKey(
  operationId: string,
  names: readonly string[],
  variables: Variables,
  audience: Audience,
): string {
  let text = '['
  for (const name of names) {
    // Left out is not null: a default value applies. Nothing between the commas says so.
    text += Object.hasOwn(variables, name) ? `${canonicalText(variables[name])},` : ','
  }
  return `${operationId}${text}]${audience}`
}

/** JSON in which the order of names in objects does not matter. Depth is bounded by the limits on variables. */
function canonicalText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  let text = ''
  if (Array.isArray(value)) {
    for (const item of value) text += `${canonicalText(item)},`
    return `[${text}]`
  }
  const object = value as Variables
  for (const name of Object.keys(object).sort()) {
    text += `${JSON.stringify(name)}:${canonicalText(object[name])},`
  }
  return `{${text}}`
}
