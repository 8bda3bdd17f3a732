/** What JSON cannot hold as it is: control characters, quotes, backslashes and halves of surrogate pairs. */
const NEEDS_ESCAPE = /[\u0000-\u001f"\\\ud800-\udfff]/
/** For longer texts `JSON.stringify` is as fast as looking first. */
const SHORT = 256

export function jsonText(value: unknown): string {
  if (typeof value === 'number' && Number.isFinite(value)) return `${value}`
  if (typeof value !== 'string') return JSON.stringify(value)
  return value.length < SHORT && !NEEDS_ESCAPE.test(value) ? `"${value}"` : JSON.stringify(value)
}
