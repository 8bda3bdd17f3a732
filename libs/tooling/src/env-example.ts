import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { root, subgraphNames } from './workspace.ts'
import { readIfThere } from './workspace-files.ts'

export const ENV_EXAMPLE = '.env.example'

/** A variable that some process of Courtside reads. */
export interface Variable {
  name: string
  /** Who reads it, for the people who set it. */
  readBy: string
}

/** The variables that each subgraph has under its own name; the code composes their names. */
const OF_EACH_SUBGRAPH = {
  DATABASE_URL: 'its process, to reach its database',
  DATABASE_OWNER_URL: 'migrations, to change its database',
  DATABASE_ADMIN_URL: 'migrations, to make its database and roles',
  LOG_URL: 'whoever follows its facts, to read its log',
  URL: 'the gateway, to reach it',
}

/** A key of an object whose value is not a text: those are of what env.ts gives to others, not of what it reads. */
const SCHEMA_KEY = /(?:^ +|[{,] )([A-Z][A-Z0-9_]{2,}): (?!['"])/gm

/** All variables that the env.ts files read, other than those of tests and tools. */
export function readVariables(): Variable[] {
  const files = globSync('{apps,libs}/*/src/**/env.ts', {
    cwd: root,
    exclude: ['libs/{testing,tooling}/**'],
  }).sort()
  const named = files.flatMap((file) =>
    [...readFileSync(path.join(root, file), 'utf8').matchAll(SCHEMA_KEY)].map(([, name]) => ({
      name: name!,
      readBy: file.split('/').slice(0, 2).join('/'),
    })),
  )
  const composed = subgraphNames().flatMap((subgraph) =>
    Object.entries(OF_EACH_SUBGRAPH).map(([suffix, readBy]) => ({
      name: `${subgraph.toUpperCase().replaceAll('-', '_')}_${suffix}`,
      readBy,
    })),
  )
  return [...new Map([...composed, ...named].map((variable) => [variable.name, variable])).values()]
}

/** What keeps .env.example from being the whole truth: variables it lacks, invents or does not explain. */
export function envExampleFaults(variables: readonly Variable[], example: string): string[] {
  const described = describedVariables(example)
  const missing = variables.filter(({ name }) => !described.has(name))
  const invented = [...described.keys()].filter(
    (name) => !variables.some((variable) => variable.name === name),
  )
  const bare = [...described].filter(([, hasText]) => !hasText).map(([name]) => name)
  return [
    ...missing.map(({ name, readBy }) => `${ENV_EXAMPLE} lacks ${name}, read by ${readBy}.`),
    ...invented.map((name) => `${ENV_EXAMPLE} has ${name}, which no env.ts reads.`),
    ...bare.map((name) => `${ENV_EXAMPLE} does not say what ${name} is for.`),
  ]
}

/** The example with a paragraph for each variable that it lacked. */
export function completeEnvExample(): string {
  const example = readIfThere(ENV_EXAMPLE) ?? ''
  const described = describedVariables(example)
  const added = readVariables()
    .filter(({ name }) => !described.has(name))
    .map(({ name, readBy }) => `# Read by ${readBy}.\n# ${name}=\n`)
  return [example.trimEnd(), ...added]
    .filter((paragraph) => paragraph !== '')
    .join('\n\n')
    .trimEnd()
    .concat('\n')
}

/** Each variable of the example, set or commented out, and whether its paragraph begins with words about it. */
function describedVariables(example: string): Map<string, boolean> {
  const paragraphs = example.split(/\n\s*\n/)
  return new Map(
    paragraphs.flatMap((paragraph) => {
      const lines = paragraph.trim().split('\n')
      const hasText = /^# (?![A-Z][A-Z0-9_]*=)/.test(lines[0] ?? '')
      return lines.flatMap((line) => {
        const name = /^(?:# ?)?([A-Z][A-Z0-9_]*)=/.exec(line)?.[1]
        return name === undefined ? [] : [[name, hasText] as const]
      })
    }),
  )
}
