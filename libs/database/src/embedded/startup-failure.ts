import { open, readFile } from 'node:fs/promises'
import path from 'node:path'
import { StartupError } from '@courtside/kernel'
import type { Home } from './home.ts'

/** The major version of the binaries in package.json; a data folder belongs to one major version. */
export const POSTGRES_MAJOR = '18'

const RESET =
  'If its data can be lost, delete it with `npm run db -- reset all`; else restore a backup of that folder.'
const TAIL_BYTES = 8_192
const SHOWN_LINES = 8

interface Place {
  home: Home
  port: number
}

interface Failure {
  seen: RegExp
  explain(place: Place): string
  showLog?: boolean
}

/** The first that matches explains; the rarer and more telling come first. */
const FAILURES: Failure[] = [
  {
    seen: /No space left on device|Disk quota exceeded/,
    explain: ({ home }) => `The disk of ${home.directory} is full.\nFree some space, then try again.`,
  },
  {
    seen: /could not bind|could not create any TCP\/IP sockets/,
    explain: ({ port }) =>
      `Port ${port} is already in use, so Postgres cannot listen on it.\nStop what uses it, or choose another with COURTSIDE_POSTGRES_PORT.`,
  },
  {
    seen: /error while loading shared libraries|Library not loaded/,
    explain: () =>
      'The embedded Postgres is not completely installed.\nRun `npm rebuild` (its install script must be allowed to run).',
    showLog: true,
  },
  {
    seen: /database files are incompatible with server|was initialized by PostgreSQL version/,
    explain: ({ home }) => `The data in ${home.directory} was made by another version of Postgres.\n${RESET}`,
    showLog: true,
  },
  {
    seen: /has wrong ownership|has invalid permissions|Permission denied/,
    explain: ({ home }) =>
      `Postgres may not use ${home.data}.\nGive that folder, and all in it, to the user that runs Postgres, with mode 0700.`,
    showLog: true,
  },
  {
    seen: /pg_control|could not find the database system|checkpoint record|PANIC|invalid page|could not open (file|directory)/,
    explain: ({ home }) => `The data in ${home.directory} is damaged.\n${RESET}`,
    showLog: true,
  },
]

/** A start that failed because the previous run has not quite gone; trying again soon helps. */
export function isPassing(log: string): boolean {
  return /lock file "postmaster\.pid" already exists|pre-existing shared memory block/.test(log)
}

export function isPortBusy(log: string): boolean {
  return /could not bind|could not create any TCP\/IP sockets/.test(log)
}

export function toStartupError(what: string, log: string, place: Place): StartupError {
  const known = FAILURES.find(({ seen }) => seen.test(log))
  if (known === undefined) return new StartupError(`${what} failed.${withLog(log)}`)
  return new StartupError(known.explain(place) + (known.showLog === true ? withLog(log) : ''))
}

function withLog(log: string): string {
  const lines = log.trim().split('\n').slice(-SHOWN_LINES)
  return `\nIts last words:\n${lines.map((line) => `  ${line}`).join('\n')}`
}

export async function readLogTail(file: string): Promise<string> {
  const handle = await open(file, 'r')
  try {
    const { size } = await handle.stat()
    const length = Math.min(size, TAIL_BYTES)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** Says before the start what Postgres would say less clearly. */
export async function assertDataIsOurs(home: Home): Promise<void> {
  const version = await readFile(path.join(home.data, 'PG_VERSION'), 'utf8').catch(() => undefined)
  if (version === undefined) {
    throw new StartupError(`The data in ${home.directory} is damaged: it has no PG_VERSION file.\n${RESET}`)
  }
  if (version.trim() !== POSTGRES_MAJOR) {
    throw new StartupError(
      `The data in ${home.directory} was made by Postgres ${version.trim()}, and this is Postgres ${POSTGRES_MAJOR}.\n${RESET}`,
    )
  }
}

export function lostPassword(home: Home): StartupError {
  return new StartupError(
    `The password file ${home.passwordFile} is missing, so nobody can log in to the data beside it.\n${RESET}`,
  )
}
