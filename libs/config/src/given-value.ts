import { readFileSync } from 'node:fs'

/** What the environment says of one variable. */
export interface GivenValue {
  value: string | undefined
  /** The variable that it came by. */
  from: string
  /** Why it cannot be known. */
  fault?: string
}

/** From the variable itself or, while that is unset, from the file that `<name>_FILE` names. */
export function giveValue(
  name: string,
  environment: Readonly<Record<string, string | undefined>>,
): GivenValue {
  const from = `${name}_FILE`
  const [value, file] = [environment[name], environment[from]].map((text) => (text === '' ? undefined : text))
  if (file === undefined) return { value, from: name }
  if (value !== undefined) {
    return { value: undefined, from, fault: `${name} and ${from} are both set: keep one of them` }
  }
  try {
    // Editors and `echo` end a file with a line break, which no secret is meant to have.
    return { value: readFileSync(file, 'utf8').replace(/\r?\n$/, '') || undefined, from }
  } catch (error) {
    const code =
      typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unreadable'
    return { value: undefined, from, fault: `${from} names the file ${file}, which cannot be read: ${code}` }
  }
}
