/** What JSON cannot hold as it is: control characters, quotes, backslashes and halves of surrogate pairs. */
const NEEDS_ESCAPE = /[\u0000-\u001f"\\\ud800-\udfff]/
/** For longer texts `JSON.stringify` is as fast as looking first. */
const LONGEST_SCANNED = 256

/** As `JSON.stringify` would write it, in half the time for the short clean texts that most are. */
export function toJsonString(text: string): string {
  if (text.length > LONGEST_SCANNED || NEEDS_ESCAPE.test(text)) return JSON.stringify(text)
  return `"${text}"`
}
