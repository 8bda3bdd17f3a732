import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { errorCode } from '../error-code.ts'

/** What a running Postgres writes into its data folder. */
export interface PostmasterFile {
  pid: number
  port: number
  ready: boolean
}

export const postmasterFile = (data: string) => path.join(data, 'postmaster.pid')

/** Undefined when there is none, or when it is still being written. */
export async function readPostmasterFile(data: string): Promise<PostmasterFile | undefined> {
  const text = await readFile(postmasterFile(data), 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return ''
    throw error
  })
  const lines = text.split('\n').map((line) => line.trim())
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 0) return undefined
  return { pid, port: Number(lines[3]), ready: lines[7] === 'ready' }
}
