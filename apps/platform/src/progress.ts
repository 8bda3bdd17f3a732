import type { Writable } from 'node:stream'

export interface Progress {
  /** Shows `title` while `work` runs, then how long it took. */
  step<T>(title: string, work: () => Promise<T>): Promise<T>
}

/** One line a step as it ends; on a terminal also what is running now. */
export function createProgress(output: Writable & { isTTY?: boolean }): Progress {
  const running: string[] = []
  const clearLine = output.isTTY ? '\r\u001b[2K' : ''
  const showRunning = () => {
    if (output.isTTY && running.length > 0) output.write(`${clearLine}… ${running.join(', ')}`)
  }
  return {
    async step(title, work) {
      const begun = performance.now()
      running.push(title)
      showRunning()
      let mark = '✗'
      try {
        const result = await work()
        mark = '✓'
        return result
      } finally {
        running.splice(running.indexOf(title), 1)
        const seconds = ((performance.now() - begun) / 1000).toFixed(1)
        output.write(`${clearLine}${mark} ${title.padEnd(28)} ${seconds.padStart(5)} s\n`)
        showRunning()
      }
    },
  }
}
