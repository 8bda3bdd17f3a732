import { toJsonString } from '../json-string.ts'

/** A leaf of a representation, as a subgraph gave it. */
export function jsonText(value: unknown): string {
  if (typeof value === 'number' && Number.isFinite(value)) return `${value}`
  return typeof value === 'string' ? toJsonString(value) : JSON.stringify(value)
}
