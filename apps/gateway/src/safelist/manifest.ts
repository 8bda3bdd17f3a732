import { hash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { StartupError } from '@courtside/kernel'
import * as z from 'zod'

/** What clients are known to send. */
export interface OperationManifest {
  readonly operations: readonly ListedOperation[]
}

export interface ListedOperation {
  /** SHA-256 of the body, in hexadecimal. */
  readonly id: string
  readonly name: string
  readonly type: 'query' | 'mutation' | 'subscription'
  /** The text of the document, exactly. */
  readonly body: string
}

const MAKE_IT = 'Make it with npm run manifest.'

const shape = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      type: z.enum(['query', 'mutation', 'subscription']),
      body: z.string().min(1),
    }),
  ),
})

/** Reads a manifest in the form of Apollo's persisted query lists. Throws when it is none, or names a text wrongly. */
export async function loadManifest(file: string): Promise<OperationManifest> {
  const parsed = shape.safeParse(parseJson(await read(file), file))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const place = issue?.path.join('.') || 'the whole'
    throw new StartupError(`${file} is no manifest of operations: ${place}: ${issue?.message}. ${MAKE_IT}`)
  }
  const names = new Map<string, string>()
  for (const { id, name, body } of parsed.data.operations) {
    if (hash('sha256', body) !== id) {
      throw new StartupError(`${file} has an id for ${name} that is not the SHA-256 of its body. ${MAKE_IT}`)
    }
    const other = names.get(id)
    if (other !== undefined)
      throw new StartupError(`${file} lists one body twice, as ${other} and ${name}. ${MAKE_IT}`)
    names.set(id, name)
  }
  return { operations: parsed.data.operations }
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new StartupError(
      `The manifest of operations ${file} cannot be read. Name one that is there, or none.`,
      {
        cause: error,
      },
    )
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new StartupError(`${file} is no JSON. ${MAKE_IT}`, { cause: error })
  }
}
