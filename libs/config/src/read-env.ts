import { StartupError } from '@courtside/kernel'
import * as z from 'zod'
import { type GivenValue, giveValue } from './given-value.ts'

/**
 * Reads a process's settings from its environment: every fault is reported at once, and none is ever found later.
 * An empty variable counts as unset, because that is what `NAME=` in a shell or a compose file means. In place of any
 * variable `NAME_FILE` may name a file that holds its value, as secrets are handed to containers.
 */
export function readEnv<Shape extends z.ZodRawShape>(
  shape: Shape,
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<z.output<z.ZodObject<Shape>>> {
  const given = new Map(Object.keys(shape).map((name) => [name, giveValue(name, environment)]))
  const values = Object.fromEntries([...given].map(([name, { value }]) => [name, value]))
  const result = z.object(shape).safeParse(values)
  const unread = [...given.values()].flatMap(({ fault }) => fault ?? [])
  if (result.success && unread.length === 0) return Object.freeze(result.data)
  const unreadNames = new Set([...given].flatMap(([name, { fault }]) => (fault === undefined ? [] : name)))
  const wrong = (result.error?.issues ?? []).flatMap(({ path, message }) => {
    const name = String(path[0])
    return unreadNames.has(name) ? [] : [describeFault(name, given.get(name), message)]
  })
  throw new StartupError(
    `The configuration is wrong:\n${[...unread, ...wrong].map((fault) => `  ${fault}`).join('\n')}\n` +
      'Set these variables in the environment; .env.example describes each of them.',
  )
}

function describeFault(name: string, given: GivenValue | undefined, message: string): string {
  return given?.value === undefined ? `${name} is not set: ${message}` : `${given.from}: ${message}`
}
