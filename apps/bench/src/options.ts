import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import { StartupError } from '@courtside/kernel'

/** Options of a command; what is wrong with them is told to whoever typed them. */
export function parseOptions<Config extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Config,
) {
  try {
    return parseArgs({ args: [...args], options }).values
  } catch (error) {
    throw new StartupError(error instanceof Error ? error.message : String(error))
  }
}

export function positive(name: string, text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && number > 0) return number
  throw new StartupError(`--${name} is a whole number above 0.`)
}

/** In the order in which they are known; all of them when none was asked for. */
export function chosen<Name extends string>(
  option: string,
  list: string | undefined,
  known: readonly Name[],
): readonly Name[] {
  if (list === undefined) return known
  const wanted = list.split(',')
  const unknown = wanted.filter((name) => !known.some((one) => one === name))
  if (unknown.length > 0) {
    throw new StartupError(`--${option} does not know ${unknown.join(', ')}. There are: ${known.join(', ')}.`)
  }
  return known.filter((name) => wanted.includes(name))
}
