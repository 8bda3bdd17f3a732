import { readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from '../workspace.ts'
import type { Step } from './step.ts'

interface LockedPackage {
  resolved?: string
  integrity?: string
  link?: boolean
  inBundle?: boolean
  optionalDependencies?: Record<string, string>
}

export type LockedPackages = Record<string, LockedPackage>

/** Measurements have packages of their own, which no other command installs. */
const FOLDERS = ['.', 'apps/bench']

export const lockFile: Step = {
  name: 'lock-file',
  async run() {
    const faults = FOLDERS.flatMap((folder) => {
      const text = readFileSync(path.join(root, folder, 'package-lock.json'), 'utf8')
      return lockFaults((JSON.parse(text) as { packages: LockedPackages }).packages)
    })
    if (faults.length === 0) return []
    return [
      {
        output: faults.join('\n'),
        mend: 'keep omit-lockfile-registry-resolved=true in .npmrc, delete node_modules and package-lock.json, then: npm install',
      },
    ]
  },
}

/** What would keep the lock file from installing everywhere: on another mirror, on another platform, unchanged. */
export function lockFaults(packages: LockedPackages): string[] {
  return Object.entries(packages).flatMap(([place, entry]) => {
    const isFetched = place.includes('node_modules/') && !entry.link
    const platforms = Object.keys(entry.optionalDependencies ?? {}).filter(
      (name) => !isFound(packages, place, name),
    )
    return [
      ...(isFetched && /^https?:/.test(entry.resolved ?? '')
        ? [`${place} names a registry host: ${entry.resolved}`]
        : []),
      ...(isFetched && !entry.integrity && !entry.inBundle ? [`${place} has no integrity`] : []),
      ...platforms.map((name) => `${place || 'the workspace'} lacks its optional package ${name}`),
    ]
  })
}

/** Whether a package is found from `place`, as Node looks for it: in the node_modules there, and in each above. */
function isFound(packages: LockedPackages, place: string, name: string): boolean {
  const key = place === '' ? `node_modules/${name}` : `${place}/node_modules/${name}`
  if (packages[key] !== undefined) return true
  const above = place.slice(0, Math.max(0, place.lastIndexOf('/node_modules/')))
  return place !== '' && isFound(packages, above, name)
}
