import { existsSync, readdirSync, readFileSync, realpathSync, renameSync } from 'node:fs'
import path from 'node:path'

/** What npm has installed. It writes this record after everything else, so an interrupted installation has none. */
const RECORD = path.join('node_modules', '.package-lock.json')
const ASIDE = `${RECORD}.before`

/**
 * The first package that is not installed as package-lock.json says, or `undefined`. It asks npm's record and not one
 * of our own, so an install by hand counts too. Takes some 10 ms.
 */
export function missingPackage(root) {
  const record = path.join(root, RECORD)
  if (!existsSync(record)) return 'node_modules'
  const installed = readJson(record).packages
  const wanted = readJson(path.join(root, 'package-lock.json')).packages
  const notInstalled = Object.entries(wanted).find(([place, entry]) => {
    if (!place.includes('node_modules/')) return false
    if (entry.link) return !linksTo(path.join(root, place), path.join(root, entry.resolved))
    const found = installed[place]
    // npm leaves an optional package out where the platform does not suit it.
    if (found === undefined) return !entry.optional && !entry.devOptional
    return found.version !== entry.version || found.integrity !== entry.integrity
  })
  return notInstalled?.[0] ?? unlinkedWorkspace(root)
}

/** From here until npm has written its record again, nothing counts as installed. */
export function forgetInstalled(root) {
  if (existsSync(path.join(root, RECORD))) renameSync(path.join(root, RECORD), path.join(root, ASIDE))
}

/** For an npm that has refused before it changed anything. */
export function rememberInstalled(root) {
  if (existsSync(path.join(root, ASIDE))) renameSync(path.join(root, ASIDE), path.join(root, RECORD))
}

/** A new project that package-lock.json does not know yet. */
function unlinkedWorkspace(root) {
  return workspaceFolders(root)
    .map((folder) => `node_modules/${readJson(path.join(root, folder, 'package.json')).name}`)
    .find((link) => !existsSync(path.join(root, link)))
}

/** The folders that the `workspaces` of package.json name; each pattern has the form `folder/*` or `!folder/name`. */
function workspaceFolders(root) {
  const { workspaces = [] } = readJson(path.join(root, 'package.json'))
  return workspaces
    .filter((pattern) => pattern.endsWith('/*'))
    .map((pattern) => pattern.slice(0, -2))
    .flatMap((parent) => readdirSync(path.join(root, parent)).map((name) => `${parent}/${name}`))
    .filter((folder) => !workspaces.includes(`!${folder}`))
    .filter((folder) => existsSync(path.join(root, folder, 'package.json')))
}

function linksTo(link, folder) {
  return existsSync(link) && existsSync(folder) && realpathSync(link) === realpathSync(folder)
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'))
}
