import type { Logger } from '@courtside/logger'
import { readSupergraphFile } from './supergraph-file.ts'
import { watchFile } from './watch-file.ts'

/** What was built from one supergraph. It never changes; a new supergraph makes a new one. */
export interface Version {
  /** Called once, when the last request on it has ended. */
  stop(): Promise<void>
}

export interface LiveVersion<Current extends Version> {
  /** Runs `work` on the version that is current now, which stays whole until `work` has ended. */
  use<Result>(work: (version: Current) => Promise<Result>): Promise<Result>
  stop(): Promise<void>
}

export interface LiveVersionOptions<Current extends Version> {
  file: string
  build(supergraph: string): Promise<Current>
  /** How often the file is looked at where the system reports no changes, in milliseconds. */
  pollMs: number
  log: Logger
  onReload?(outcome: 'replaced' | 'kept'): void
}

/**
 * Follows the supergraph file. Schema, access rules and plans are parts of one version, so a request sees the old or
 * the new of all of them. A file that cannot be built changes nothing but the log.
 */
export async function followSupergraph<Current extends Version>(
  options: LiveVersionOptions<Current>,
): Promise<LiveVersion<Current>> {
  const { file, build, pollMs, log, onReload } = options
  let seen = await readSupergraphFile(file)
  let current = count(await build(seen))
  let reloading = Promise.resolve()
  const retiring = new Set<Promise<void>>()
  let stopped = false

  const retire = (version: typeof current) => {
    const done = version
      .retire()
      .catch((error: unknown) =>
        log.error({ err: error }, 'A supergraph that is no longer served did not stop'),
      )
      .finally(() => retiring.delete(done))
    retiring.add(done)
  }

  const reload = async () => {
    if (stopped) return
    try {
      const text = await readSupergraphFile(file)
      if (text === seen) return
      seen = text
      const next = count(await build(text))
      const previous = current
      current = next
      retire(previous)
      onReload?.('replaced')
      log.info({ file }, 'The new supergraph is served')
    } catch (error) {
      onReload?.('kept')
      log.error({ err: error, file }, 'The new supergraph is refused; the last good one is still served')
    }
  }
  const reloadNext = () => {
    // One after the other, so that the last one written is the last one served.
    reloading = reloading.then(reload)
  }
  const watch = watchFile(file, pollMs, log, reloadNext)
  // It may have been replaced while the first version was built, before anybody watched.
  reloadNext()

  return {
    use: (work) => current.use(work),
    async stop() {
      stopped = true
      watch.stop()
      await reloading
      retire(current)
      await Promise.all(retiring)
    },
  }
}

/** Counts the requests on a version, to stop it after the last. */
function count<Current extends Version>(version: Current) {
  let users = 0
  const unused = Promise.withResolvers<void>()
  let retired = false
  return {
    async use<Result>(work: (version: Current) => Promise<Result>): Promise<Result> {
      users += 1
      try {
        return await work(version)
      } finally {
        users -= 1
        if (retired && users === 0) unused.resolve()
      }
    },
    async retire(): Promise<void> {
      retired = true
      if (users === 0) unused.resolve()
      await unused.promise
      await version.stop()
    },
  }
}
