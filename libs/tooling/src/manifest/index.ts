import { createHash } from 'node:crypto'
import { StartupError } from '@courtside/kernel'
import { buildSchema, type GraphQLSchema, print, type Source, validate } from 'graphql'
import { API_SCHEMA } from '../compose/index.ts'
import { readIfThere } from '../workspace-files.ts'
import { collectOperations } from './collect-operations.ts'
import { type Fault, toFault } from './fault.ts'
import { findDocuments, readDocuments } from './find-documents.ts'

/** The operations of first-party clients, for the gateway and for them. */
export const MANIFEST = 'operations.manifest.json'

/** What our own clients send; the documents of other clients are named when the manifest is made. */
export const DEFAULT_DOCUMENTS: readonly string[] = ['docs/operations']

/** The manifest of the operations in these files, folders and globs. Throws with every fault and its place. */
export async function manifestOf(patterns: readonly string[]): Promise<string> {
  const sources: Source[] = []
  const faults: Fault[] = []
  for (const file of findDocuments(patterns)) {
    const read = await readDocuments(file)
    sources.push(...read.sources)
    faults.push(...read.faults)
  }
  const sdl = readIfThere(API_SCHEMA)
  if (sdl === undefined) throw new StartupError(`There is no ${API_SCHEMA}. Make it with npm run compose.`)
  return toManifest(sources, buildSchema(sdl), faults)
}

/**
 * In the form of Apollo's persisted query lists. The body of an operation is what graphql-js prints of it, with its
 * fragments by name behind it: without comments, in one layout, so that the id of an operation changes when it does.
 * Clients send the id, or this text and no other.
 */
export function toManifest(
  sources: readonly Source[],
  schema: GraphQLSchema,
  before: readonly Fault[] = [],
): string {
  const { operations, faults } = collectOperations(sources)
  const invalid = operations.flatMap(({ document }) => validate(schema, document).map(toFault))
  assertNone([...before, ...faults, ...invalid])
  if (operations.length === 0) throw new StartupError('There is no operation in these files.')
  const entries = operations.map(({ name, operation, document }) => {
    const body = print(document)
    const id = createHash('sha256').update(body).digest('hex')
    return { id, name, type: operation.operation, body }
  })
  const manifest = { format: 'apollo-persisted-query-manifest', version: 1, operations: entries }
  return `${JSON.stringify(manifest, null, 2)}\n`
}

/** A fragment with a fault has it in every operation that spreads it. */
function assertNone(faults: readonly Fault[]): void {
  const lines = [...new Set(faults.map(({ place, message }) => `${place} ${message}`))]
  if (lines.length === 0) return
  throw new StartupError(`The operations cannot be listed:\n${lines.join('\n')}`)
}
