import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const TERMINAL_EVERY_MS = 1_000
const LOG_EVERY_MS = 10_000

/** Tells how the installation fares: one line that changes in a terminal, a line every ten seconds elsewhere. */
export function reportProgress(root) {
  const { isTTY } = process.stderr
  const startedAt = performance.now()
  const wanted = topLevelPackages(root)
  const seconds = () => Math.round((performance.now() - startedAt) / 1000)
  const say = (text) => process.stderr.write(isTTY ? `\r\x1b[2K${text}` : `${text}\n`)

  say(`Installing ${wanted} packages; this takes a minute or two and happens once…`)
  const timer = setInterval(
    () => say(`Installing packages: ${Math.min(installedSoFar(root), wanted)} of ${wanted}, ${seconds()} s`),
    isTTY ? TERMINAL_EVERY_MS : LOG_EVERY_MS,
  )
  return {
    succeed: () => say(`Installed ${wanted} packages in ${seconds()} s.`),
    end: () => {
      clearInterval(timer)
      if (isTTY) process.stderr.write('\n')
    },
  }
}

function topLevelPackages(root) {
  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'))
  return Object.entries(packages).filter(([place, entry]) => isTopLevel(place) && suitsPlatform(entry)).length
}

function isTopLevel(place) {
  return /^node_modules\/(@[^/]+\/)?[^/]+$/.test(place)
}

function suitsPlatform({ os, cpu, libc }) {
  return (
    (os === undefined || os.includes(process.platform)) &&
    (cpu === undefined || cpu.includes(process.arch)) &&
    (libc === undefined || libc.includes('glibc'))
  )
}

/** npm makes all folders first; a package is there when its package.json is. */
function installedSoFar(root) {
  const folder = path.join(root, 'node_modules')
  return entriesOf(folder)
    .flatMap((name) =>
      name.startsWith('@') ? entriesOf(path.join(folder, name)).map((own) => `${name}/${own}`) : [name],
    )
    .filter((name) => existsSync(path.join(folder, name, 'package.json'))).length
}

/** The folders of packages; names that begin with a dot are npm's own. */
function entriesOf(folder) {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith('.'))
  } catch {
    return [] // npm has not made it yet, or is replacing it
  }
}
