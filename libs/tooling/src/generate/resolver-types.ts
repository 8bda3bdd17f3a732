import path from 'node:path'
import { StartupError } from '@courtside/kernel'
import { readIfThere, writeIfChanged } from '../workspace-files.ts'
import { root, sdlFiles } from '../workspace.ts'
import type { Output } from './freshness.ts'

/** What each custom scalar is in TypeScript. A scalar that is missing here fails the generation. */
const SCALARS = {
  ID: 'string',
  DateTime: 'Date',
  Date: 'string',
  URL: 'string',
  Cursor: 'string',
  JSON: 'unknown',
  _FieldSet: 'string',
}

/** The types of a subgraph's resolvers, from its SDL. Only the type checker and editors read them. */
export function resolverTypes(subgraph: string): Output {
  const app = `apps/${subgraph}/src`
  const file = `${app}/generated/graphql.ts`
  return {
    name: `resolver types of ${subgraph}`,
    inputs: [`${app}/**/*.graphql`, `${app}/mappers.ts`],
    files: [file],
    generate: async () =>
      void writeIfChanged(
        file,
        await printTypes(subgraph, mappersIn(readIfThere(`${app}/mappers.ts`) ?? '')),
      ),
  }
}

async function printTypes(subgraph: string, mappers: Record<string, string>): Promise<string> {
  const { generate } = await import('@graphql-codegen/cli')
  try {
    const [result] = (await generate(
      {
        schema: sdlFiles(subgraph).map((sdl) => path.join(root, sdl)),
        silent: true,
        emitLegacyCommonJSImports: false,
        importExtension: '.ts',
        generates: {
          'graphql.ts': {
            plugins: ['typescript', 'typescript-resolvers'],
            config: {
              federation: true,
              strictScalars: true,
              enumsAsTypes: true,
              useTypeImports: true,
              contextType: '../context.ts#Context',
              scalars: SCALARS,
              mappers,
            },
          },
        },
      },
      false,
    )) as { content: string }[]
    return result!.content
  } catch (error) {
    throw new StartupError(`The resolver types of ${subgraph} cannot be generated: ${firstFault(error)}`, {
      cause: error,
    })
  }
}

/** The generator puts a list of files before what is wrong, and a stack and a list of its features after. */
function firstFault(error: unknown): string {
  const [first, ...others] = (error instanceof Error ? error.message : String(error)).split('\n')
  return first?.startsWith('Failed to load schema') ? `${others[0]}` : `${first}`
}

/**
 * What resolvers get as the parent of a GraphQL type: `mappers.ts` exports it under the name of that type with
 * `Parent` added. Types without one get the object that the SDL describes.
 */
export function mappersIn(source: string): Record<string, string> {
  const declared = [...source.matchAll(/^export (?:type|interface) (\w+)Parent\b/gm)].map(([, name]) => name!)
  const listed = [...source.matchAll(/^export (?:type )?\{([^}]*)\}/gms)]
    .flatMap(([, list]) => list!.split(','))
    .flatMap((item) => /(\w+)Parent\s*$/.exec(item)?.[1] ?? [])
  return Object.fromEntries([...declared, ...listed].map((name) => [name, `../mappers.ts#${name}Parent`]))
}
