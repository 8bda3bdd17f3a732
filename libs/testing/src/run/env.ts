/** The environment of this process for a child, with some variables set and those given as `undefined` left out. */
export function environmentWith(variables: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  return { ...process.env, ...variables }
}
