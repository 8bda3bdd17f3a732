import { isJsonObject, type JsonObject, setOwn } from './json.ts'

/**
 * Puts what a subgraph answered into what is known already. What comes later wins; objects become one, and so do lists
 * of the same length, item by item.
 */
export function mergeInto(target: JsonObject, source: JsonObject): void {
  merge(target, source, false)
}

/**
 * The same for an answer that goes into several places. What two places share, a later answer meant for one of them
 * would change in both.
 */
export function mergeCopyInto(target: JsonObject, source: JsonObject): void {
  merge(target, source, true)
}

function merge(target: JsonObject, source: JsonObject, copying: boolean): void {
  // `for in` walks no prototype here that has enumerable keys, and is twice as fast as `Object.keys`.
  for (const key in source) {
    const value = source[key]
    if (value === undefined) continue
    const known = target[key]
    // Nothing by this name is inherited either, so that a plain assignment creates it.
    if (known === undefined) target[key] = copying ? copyOf(value) : value
    else mergeProperty(target, key, known, value, copying)
  }
}

function mergeProperty(
  target: JsonObject,
  key: string,
  known: unknown,
  value: unknown,
  copying: boolean,
): void {
  // Only functions and one object are ever inherited; for a text or a number there is nothing to look up.
  const inherited = (typeof known === 'function' || typeof known === 'object') && !Object.hasOwn(target, key)
  const joined = !inherited && join(known, value, copying)
  if (!joined) setOwn(target, key, copying ? copyOf(value) : value)
}

function join(known: unknown, value: unknown, copying: boolean): boolean {
  if (typeof value !== 'object' || value === null || typeof known !== 'object' || known === null) return false
  if (!Array.isArray(value)) {
    // An object cannot replace a list: whoever answered the list answered in the shape that others rely on.
    if (!Array.isArray(known)) merge(known as JsonObject, value as JsonObject, copying)
    return true
  }
  if (!Array.isArray(known) || known.length !== value.length) return false
  for (let index = 0; index < value.length; index++) {
    const item: unknown = value[index]
    if (!join(known[index], item, copying)) known[index] = copying ? copyOf(item) : item
  }
  return true
}

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf)
  if (!isJsonObject(value)) return value
  const copy: JsonObject = {}
  for (const key in value) setOwn(copy, key, copyOf(value[key]))
  return copy
}
