import path from 'node:path'
import { installPackages } from './install-packages.mjs'
import { missingPackage } from './installed-packages.mjs'
import { withProcessLock } from './process-lock.mjs'

/** Sees to it that node_modules holds what package-lock.json asks for. Says whether it had to install. */
export async function ensureInstalled(root) {
  if (missingPackage(root) === undefined) return { installed: false }
  const lockFile = path.join(root, '.courtside', 'install.lock')
  return withProcessLock(lockFile, 'installing the packages', async (lock) => {
    // Another process may have done it while this one waited.
    if (missingPackage(root) === undefined) return { installed: false }
    await installPackages(root, { onStart: lock.shareWith })
    return { installed: true }
  })
}
