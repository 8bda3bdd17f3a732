import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const POLL_MS = 200

/**
 * Runs `work` while no other process of this workspace does the same; `activity` tells the one that has to wait. The
 * lock is a file naming the processes that hold it: whoever took it, and those it shares it with because they may
 * outlive it. When all of them have gone, the lock is void.
 */
export async function withProcessLock(file, activity, work) {
  const mine = [identityOf(process.pid)]
  for (let hasSpoken = false; !take(file, mine);) {
    const found = read(file)
    if (found === undefined) continue // just released
    const living = found.holders.find(isRunning)
    if (living === undefined) {
      discard(file, found.text)
      continue
    }
    if (!hasSpoken) {
      console.error(
        `Process ${living.pid} is already ${activity}; waiting for it.\n` +
          `(If it is not, delete ${file} and run the same command again.)`,
      )
    }
    hasSpoken = true
    await delay(POLL_MS)
  }
  const release = () => rmSync(file, { force: true })
  process.once('exit', release)
  try {
    return await work({ shareWith: (pid) => replace(file, [...mine, identityOf(pid)]) })
  } finally {
    process.off('exit', release)
    release()
  }
}

/** Creates the lock with its whole content, or leaves the one that is there. */
function take(file, holders) {
  const draft = write(file, holders)
  try {
    return linkUnlessTaken(draft, file)
  } finally {
    rmSync(draft)
  }
}

function replace(file, holders) {
  renameSync(write(file, holders), file)
}

/** Removes a void lock, but not the one another process may have put in its place meanwhile. */
function discard(file, text) {
  const aside = `${file}.${process.pid}.void`
  try {
    renameSync(file, aside)
  } catch (error) {
    if (error.code === 'ENOENT') return // another process was quicker
    throw error
  }
  if (readFileSync(aside, 'utf8') !== text) linkUnlessTaken(aside, file)
  rmSync(aside)
}

/** Unlike a rename, it never replaces what is there. */
function linkUnlessTaken(from, to) {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    return false
  }
}

function write(file, holders) {
  const draft = `${file}.${process.pid}`
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(draft, JSON.stringify(holders))
  return draft
}

function read(file) {
  let text
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
  return { text, holders: JSON.parse(text) }
}

function isRunning({ pid, startedAt }) {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (error.code === 'ESRCH') return false
  }
  return startedAt === startOf(pid)
}

/** A process id is used again after a while, in containers soon; with the time of its start it is unique. */
function identityOf(pid) {
  return { pid, startedAt: startOf(pid) }
}

function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // Fields 3 to 22; the second is the name in parentheses, which may hold blanks.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const hasEnded = fields[0] === 'Z'
    return hasEnded ? 'ended' : fields[19]
  } catch {
    return null // not Linux, or the process has just ended
  }
}
