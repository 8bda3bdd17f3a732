import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process'

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  /** Everything it printed, standard output and error in the order they came. */
  output: string
}

export interface StartedProcess {
  child: ChildProcess
  /** Resolves when it has printed something that matches; rejects, with all it printed, should it end before. */
  untilPrinted(pattern: RegExp): Promise<RegExpExecArray>
  ended: Promise<Ended>
}

/** Starts a process for a test, which waits on what it prints and on its end. */
export function startProcess(
  file: string,
  args: readonly string[],
  options: SpawnOptions = {},
): StartedProcess {
  const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, output }))
  })
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text
      child.emit('printed')
    })
  }
  const untilPrinted = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(output)
        if (found === null) return
        child.off('printed', look)
        resolve(found)
      }
      child.on('printed', look)
      look()
      const refuse = () => reject(new Error(`It ended without printing ${pattern}. It printed:\n${output}`))
      ended.then(refuse, reject)
    })
  return { child, untilPrinted, ended }
}
