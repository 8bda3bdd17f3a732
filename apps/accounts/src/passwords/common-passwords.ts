import { readFileSync } from 'node:fs'

const lines = readFileSync(new URL('./common-passwords.txt', import.meta.url), 'utf8').split(/\r?\n/)

/** In lower case. Shorter ones than a password may be need not be listed. */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  lines.filter((line) => line !== '' && !line.startsWith('#')),
)
