import { readFileSync } from 'node:fs'

const POLL_MS = 100

const SHELLS = new Set(['sh', 'dash', 'bash', 'ash', 'zsh', 'busybox'])

/** What a process may take to drain once whoever started it has gone; then it is ended outright. */
const DRAIN_LIMIT_MS = 30_000

/**
 * Ends this process gently (SIGTERM, which its own handlers may answer by draining) once `hasGone` is true. A parent
 * killed outright tells its children nothing, so they have to look.
 */
function endOnce(hasGone) {
  const poll = setInterval(() => {
    if (!hasGone()) return
    clearInterval(poll)
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), DRAIN_LIMIT_MS).unref()
    process.kill(process.pid, 'SIGTERM')
  }, POLL_MS)
  poll.unref()
}

/** For a process started by npm, which shares nothing with it but its place in the family. */
export function endWithNpm() {
  const parents = parentsUpToNpm()
  endOnce(() => parentsUpToNpm() !== parents)
}

/** For a process with a channel to its parent: the channel closes with the parent, however that ends. */
export function endWithChannel() {
  endOnce(() => !process.connected)
}

/** npm runs a script by way of a shell; some shells stay in between, and outlive an npm that is killed outright. */
function parentsUpToNpm() {
  const shell = processStatus(process.ppid)
  return shell !== undefined && SHELLS.has(shell.name)
    ? `${process.ppid} < ${shell.parent}`
    : `${process.ppid}`
}

/** Only Linux tells; the shells of macOS replace themselves by the script. */
function processStatus(pid) {
  try {
    const [, name, , parent] = /\((.*)\) (\S+) (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))
    return { name, parent }
  } catch {
    return undefined
  }
}
