import type { FetchRequest, FetchTemplate } from '@courtside/federation'

/** What is the same in every request of a template, up to its variables. */
const prefixes = new WeakMap<FetchTemplate, string>()

/** The JSON body of a request. Representations are text already and are not read again. */
export function toRequestBody(request: FetchRequest): string {
  const { template, variables, representations, furtherRepresentations } = request
  const prefix = prefixOf(template)
  const others = JSON.stringify(variables)
  if (representations === null) return `${prefix}${others}}`
  let lists = `{"representations":${representations}`
  // Names of variables need no escapes.
  for (const name in furtherRepresentations) lists += `,"${name}":${furtherRepresentations[name] ?? '[]'}`
  return others === '{}' ? `${prefix}${lists}}}` : `${prefix}${lists},${others.slice(1)}}`
}

function prefixOf(template: FetchTemplate): string {
  const made = prefixes.get(template)
  if (made !== undefined) return made
  const { query, operationName } = template
  const prefix = `${JSON.stringify({ query, operationName }).slice(0, -1)},"variables":`
  prefixes.set(template, prefix)
  return prefix
}
