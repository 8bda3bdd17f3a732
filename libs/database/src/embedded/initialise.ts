import { chown, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Binaries } from './binaries.ts'
import { SUPERUSER } from './cluster-urls.ts'
import type { Home } from './home.ts'
import { readLogTail, toStartupError } from './startup-failure.ts'
import { supervise } from './supervisor.ts'

/** The same sorting and the same letters on every platform, whatever its locales. */
const LOCALE = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']

export interface InitialiseOptions {
  home: Home
  binaries: Binaries
  superuserPassword: string
  throwAway: boolean
}

/** Makes the data folder of a new cluster: aside, and moved into place when complete, so that it is never half made. */
export async function initialise({
  home,
  binaries,
  superuserPassword,
  throwAway,
}: InitialiseOptions): Promise<void> {
  const aside = await mkdtemp(path.join(home.directory, 'initialising-'))
  const data = path.join(aside, 'data')
  const passwordFile = path.join(aside, 'password')
  try {
    await writeFile(passwordFile, superuserPassword, { mode: 0o600 })
    if (home.user !== undefined) {
      await Promise.all([aside, passwordFile].map((file) => chown(file, home.user!.uid, home.user!.gid)))
    }
    const initdb = await supervise({
      command: binaries.initdb,
      args: [
        ...[
          '-D',
          data,
          '-U',
          SUPERUSER,
          `--pwfile=${passwordFile}`,
          '--auth=scram-sha-256',
          '--no-instructions',
        ],
        ...LOCALE,
        ...(throwAway ? ['--no-sync'] : []),
      ],
      user: home.user,
      stopSignal: 'TERM',
      scratch: throwAway ? home.directory : aside,
      logFile: home.log,
    })
    if ((await initdb.ended) !== 0) {
      throw toStartupError('Making a new database folder', await readLogTail(home.log), { home, port: 0 })
    }
    await rename(data, home.data).catch(async (error: unknown) => {
      // Of two first starts at once, the other was quicker; it used the same password.
      if (!(await isInitialised(home))) throw error
    })
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
}

export const isInitialised = (home: Home) =>
  stat(home.data).then(
    () => true,
    () => false,
  )
