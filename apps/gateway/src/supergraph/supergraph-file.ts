import { readFile } from 'node:fs/promises'
import { StartupError } from '@courtside/kernel'

export async function readSupergraphFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new StartupError(`The supergraph ${file} cannot be read. Make it with npm run compose.`, {
      cause: error,
    })
  }
}
