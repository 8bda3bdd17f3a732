import { type FSWatcher, unwatchFile, watch, watchFile as pollFile } from 'node:fs'
import path from 'node:path'
import type { Logger } from '@courtside/logger'

/** A writer may need several steps; they are taken together. */
const SETTLE_MS = 50

export interface FileWatch {
  stop(): void
}

/**
 * Calls `onChange` soon after the file may have changed, however it was replaced. The folder is watched, because a
 * rename over the file would end a watch on the file itself; and the file is looked at every `pollMs`, because network
 * file systems and links to elsewhere report nothing.
 */
export function watchFile(file: string, pollMs: number, log: Logger, onChange: () => void): FileWatch {
  let settling: NodeJS.Timeout | undefined
  const noticed = () => {
    settling ??= setTimeout(() => {
      settling = undefined
      onChange()
    }, SETTLE_MS).unref()
  }
  let watcher: FSWatcher | undefined
  try {
    watcher = watch(path.dirname(file), { persistent: false }, noticed)
    watcher.on('error', (error) => log.warn({ err: error }, 'The supergraph is only polled from now on'))
  } catch (error) {
    log.warn({ err: error }, 'The supergraph cannot be watched, so it is only polled')
  }
  pollFile(file, { persistent: false, interval: pollMs }, noticed)
  return {
    stop() {
      watcher?.close()
      unwatchFile(file, noticed)
      clearTimeout(settling)
    },
  }
}
