import { isJsonObject, type JsonObject, readerOf, type ResponsePath } from '../join/index.ts'

/**
 * Whether a hole is a field that nobody answered, of an entity that is gone. A field that somebody did answer, with
 * null or nonsense, is a fault all the same.
 */
export function isGone(
  path: ResponsePath,
  data: JsonObject | null,
  gone: ReadonlySet<object> | null,
): boolean {
  if (!gone || path.length === 0) return false
  const field = path[path.length - 1]
  const entity = path.slice(0, -1).reduce<unknown>(stepInto, data)
  return isJsonObject(entity) && gone.has(entity) && readerOf(String(field))(entity) === undefined
}

function stepInto(value: unknown, step: string | number): unknown {
  if (Array.isArray(value)) return typeof step === 'number' ? (value[step] as unknown) : undefined
  return isJsonObject(value) ? readerOf(String(step))(value) : undefined
}
