import { StartupError } from '@courtside/kernel'
import * as z from 'zod'

/**
 * Reads a process's settings from its environment: every fault is reported at once, and none is ever found later.
 * An empty variable counts as unset, because that is what `NAME=` in a shell or a compose file means.
 */
export function readEnv<Shape extends z.ZodRawShape>(
  shape: Shape,
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<z.output<z.ZodObject<Shape>>> {
  const given = Object.fromEntries(
    Object.keys(shape).map((name) => [name, environment[name] === '' ? undefined : environment[name]]),
  )
  const result = z.object(shape).safeParse(given)
  if (result.success) return Object.freeze(result.data)
  const faults = result.error.issues.map(({ path, message }) => {
    const name = String(path[0])
    return given[name] === undefined ? `  ${name} is not set: ${message}` : `  ${name}: ${message}`
  })
  throw new StartupError(
    `The configuration is wrong:\n${faults.join('\n')}\nSet these variables in the environment; .env.example describes each of them.`,
  )
}
