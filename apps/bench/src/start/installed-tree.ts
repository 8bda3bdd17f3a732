import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = path.resolve(import.meta.dirname, '../../../..')

/** A clone of the working tree with the packages installed, but nothing started or generated yet. */
export async function copyInstalledTree(): Promise<{ directory: string; remove(): Promise<void> }> {
  const directory = await mkdtemp(path.join(tmpdir(), 'courtside-bench-'))
  const remove = () => rm(directory, { recursive: true, force: true })
  try {
    const listed = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: root,
    })
    for (const file of listed.stdout.split('\0').filter(Boolean)) {
      await cp(path.join(root, file), path.join(directory, file))
    }
    // Hard links: a second copy of the packages would take longer than the measurement.
    await run('cp', ['-al', path.join(root, 'node_modules'), path.join(directory, 'node_modules')])
    return { directory, remove }
  } catch (error) {
    await remove()
    throw error
  }
}
