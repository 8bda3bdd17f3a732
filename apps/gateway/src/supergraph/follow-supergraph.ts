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
  /** The version that is current now, which stays whole until it is released. */
  hold(): HeldVersion<Current>
  /** Calls the listener each time that another version has become the current one. Returns what ends that. */
  onReplaced(listener: () => void): () => void
  stop(): Promise<void>
}

/** Of somebody who needs a version for longer than one call takes. */
export interface HeldVersion<Current extends Version> {
  readonly version: Current
  /** Whether another version is the current one by now: hold that one, and release this. */
  readonly isSuperseded: boolean
  /** Must be called, once or more often. */
  release(): void
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
  let current = new CountedVersion(await build(seen))
  let reloading = Promise.resolve()
  const retiring = new Set<Promise<void>>()
  const listeners = new Set<() => void>()
  let stopped = false

  const retire = (version: CountedVersion<Current>) => {
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
      const next = new CountedVersion(await build(text))
      const previous = current
      current = next
      retire(previous)
      onReload?.('replaced')
      log.info({ file }, 'The new supergraph is served')
      for (const listener of listeners) listener()
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
    hold: () => new Hold(current),
    onReplaced(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async stop() {
      stopped = true
      watch.stop()
      await reloading
      retire(current)
      await Promise.all(retiring)
    },
  }
}

/** Counts who uses a version, to stop it after the last. */
class CountedVersion<Current extends Version> {
  readonly version: Current
  readonly #unused = Promise.withResolvers<void>()
  #users = 0
  #isRetired = false

  constructor(version: Current) {
    this.version = version
  }

  get isRetired(): boolean {
    return this.#isRetired
  }

  async use<Result>(work: (version: Current) => Promise<Result>): Promise<Result> {
    this.enter()
    try {
      return await work(this.version)
    } finally {
      this.leave()
    }
  }

  enter(): void {
    this.#users += 1
  }

  leave(): void {
    this.#users -= 1
    if (this.#isRetired && this.#users === 0) this.#unused.resolve()
  }

  async retire(): Promise<void> {
    this.#isRetired = true
    if (this.#users === 0) this.#unused.resolve()
    await this.#unused.promise
    await this.version.stop()
  }
}

class Hold<Current extends Version> implements HeldVersion<Current> {
  readonly #counted: CountedVersion<Current>
  #isReleased = false

  constructor(counted: CountedVersion<Current>) {
    this.#counted = counted
    counted.enter()
  }

  get version(): Current {
    return this.#counted.version
  }

  get isSuperseded(): boolean {
    return this.#counted.isRetired
  }

  release(): void {
    if (this.#isReleased) return
    this.#isReleased = true
    this.#counted.leave()
  }
}
