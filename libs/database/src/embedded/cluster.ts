import { rename, rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { type Logger, silentLogger } from '@courtside/logger'
import { errorCode } from '../error-code.ts'
import { type Binaries, findBinaries } from './binaries.ts'
import { type ClusterUrls, createClusterUrls } from './cluster-urls.ts'
import { freePort } from './free-port.ts'
import { assertNothingElse, findHome, type Home, prepareHome, toFolderError } from './home.ts'
import { initialise, isInitialised } from './initialise.ts'
import { launchPostgres, type RunningPostgres } from './postgres.ts'
import { inspectPreviousRun, settlePreviousRun } from './previous-run.ts'
import { assertDataIsOurs, isPassing, isPortBusy, lostPassword, toStartupError } from './startup-failure.ts'
import { createSuperuserPassword, readSuperuserPassword } from './superuser-password.ts'

export interface ClusterOptions {
  /** Everything of the cluster is below it. As root it may be elsewhere: see `Cluster.directory`. */
  directory: string
  /** Default, and 0: a free one. */
  port?: number | undefined
  /** For tests: fast, not crash-safe, and `directory` is removed at the end, however that comes. Default: false. */
  throwAway?: boolean
  /** Default: silent. */
  log?: Logger
}

export interface ClusterExit {
  code: number
  /** Whether `stop()` asked for it. */
  expected: boolean
}

export interface Cluster extends ClusterUrls {
  readonly directory: string
  /** Fulfils when Postgres has ended, whatever ended it. */
  readonly exited: Promise<ClusterExit>
  stop(): Promise<void>
}

/** What a previous run needs at most to be gone. */
const SETTLE_LIMIT_MS = 15_000
const SETTLE_PAUSE_MS = 250
const PORT_ATTEMPTS = 10

/** Starts Postgres; it ends with `stop()`, or when this process ends in any other way. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { throwAway = false, log = silentLogger } = options
  const home = await findHome(options.directory)
  const binaries = await findBinaries(home.user)
  await assertNothingElse(home, throwAway)
  await prepareHome(home)
  try {
    const superuserPassword = await prepareData(home, binaries, throwAway, log)
    const postgres = await launchPatiently({
      home,
      binaries,
      port: options.port || undefined,
      throwAway,
      log,
    })
    return toCluster({ home, superuserPassword, postgres, throwAway })
  } catch (error) {
    if (throwAway) await rm(home.directory, { recursive: true, force: true })
    throw toFolderError(error, home.directory)
  }
}

/** The cluster of this folder, when one is running whose owner is alive. It is the owner's to stop. */
export async function findRunningCluster(directory: string): Promise<ClusterUrls | undefined> {
  const home = await findHome(directory)
  const superuserPassword = await readSuperuserPassword(home)
  if (superuserPassword === undefined) return undefined
  const previous = await inspectPreviousRun(home)
  if (previous.state !== 'in-use' || !previous.postmaster.ready) return undefined
  return createClusterUrls(previous.postmaster.port, superuserPassword)
}

/** Deletes the cluster's folder with all its data, also one too damaged to start. Refuses while it is in use. */
export async function removeCluster(directory: string): Promise<void> {
  const home = await findHome(directory)
  await assertNothingElse(home, false)
  await settlePreviousRun(home, silentLogger)
  try {
    await rm(home.directory, { recursive: true, force: true })
  } catch (error) {
    throw toFolderError(error, home.directory)
  }
}

async function prepareData(home: Home, binaries: Binaries, throwAway: boolean, log: Logger): Promise<string> {
  if (await isInitialised(home)) {
    await assertDataIsOurs(home)
    const superuserPassword = await readSuperuserPassword(home)
    if (superuserPassword === undefined) throw lostPassword(home)
    return superuserPassword
  }
  log.info({ directory: home.directory }, 'Making a new database folder')
  const superuserPassword = await createSuperuserPassword(home)
  await initialise({ home, binaries, superuserPassword, throwAway })
  return superuserPassword
}

interface LaunchOptions {
  home: Home
  binaries: Binaries
  port: number | undefined
  throwAway: boolean
  log: Logger
}

/** Tries again where time, or another port, is all it takes. */
async function launchPatiently({
  home,
  binaries,
  port,
  throwAway,
  log,
}: LaunchOptions): Promise<RunningPostgres> {
  const settleUntil = Date.now() + SETTLE_LIMIT_MS
  let portAttempts = 0
  for (;;) {
    await settlePreviousRun(home, log)
    await keepPreviousLog(home)
    const candidate = port ?? (await freePort())
    const launched = await launchPostgres({ home, binaries, port: candidate, throwAway, log })
    if (launched.state === 'running') return launched

    const { code, words } = launched
    if (isPassing(words) && Date.now() < settleUntil) await delay(SETTLE_PAUSE_MS)
    else if (isPortBusy(words) && port === undefined && portAttempts++ < PORT_ATTEMPTS) continue
    else throw toStartupError(`Postgres (exit code ${code})`, words, { home, port: candidate })
  }
}

interface ClusterParts {
  home: Home
  superuserPassword: string
  postgres: RunningPostgres
  throwAway: boolean
}

function toCluster({ home, superuserPassword, postgres, throwAway }: ClusterParts): Cluster {
  let stopping: Promise<void> | undefined
  const exited = postgres.ended.then((code) => ({ code, expected: stopping !== undefined }))
  const stop = async () => {
    await postgres.stop()
    // The supervisor has done so, unless Postgres had ended before by itself.
    if (throwAway) await rm(home.directory, { recursive: true, force: true })
  }
  return {
    ...createClusterUrls(postgres.port, superuserPassword),
    directory: home.directory,
    exited,
    stop: () => (stopping ??= stop()),
  }
}

async function keepPreviousLog(home: Home): Promise<void> {
  try {
    await rename(home.log, home.previousLog)
  } catch (error) {
    // There is none before the first run.
    if (errorCode(error) !== 'ENOENT') throw error
  }
}
