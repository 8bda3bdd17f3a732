import { Refusal } from './refusal.ts'

/** Characters. A screen of games with their teams, twelve fields each, makes about 2,000. */
const LONGEST_SOURCE = 200_000

/** The functions that one writer is made of. */
export interface GeneratedFunctions {
  /** The name of a function with these lines; equal lines are one function. */
  define(role: 'object' | 'fields' | 'list', parameters: string, lines: readonly string[]): string
  /** Code for the JSON text of a name, undefined for all names but these. */
  defineNames(names: readonly string[]): (value: string) => string
  /** The names defined, as the text calls them. */
  readonly names: readonly ReadonlyMap<unknown, string>[]
  toText(): string
}

export function createFunctions(): GeneratedFunctions {
  const functions = new Map<string, string>()
  const names: ReadonlyMap<unknown, string>[] = []
  const nameIndexes = new Map<string, number>()
  let text = ''

  const append = (more: string): void => {
    text += more
    if (text.length > LONGEST_SOURCE) throw new Refusal('more source than is worth compiling')
  }

  return {
    names,
    define(role, parameters, lines) {
      const rest = `(${parameters}) {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`
      const known = functions.get(rest)
      if (known) return known
      const name = `${role}${functions.size}`
      functions.set(rest, name)
      append(`function ${name}${rest}`)
      return name
    },
    defineNames(given) {
      const key = given.join()
      let index = nameIndexes.get(key)
      if (index === undefined) {
        index = names.push(new Map(given.map((name) => [name, `"${name}"`]))) - 1
        nameIndexes.set(key, index)
        append(`const names${index} = names[${index}]\n`)
      }
      return (value) => `(names${index}.get(${value}) ?? stop())`
    },
    toText: () => text,
  }
}
