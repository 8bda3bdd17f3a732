import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { handOver } from './hand-over.mjs'
import { ensureInstalled } from './ensure-installed.mjs'
import { endWithNpm } from './leash.mjs'
import { BootstrapError } from './bootstrap-error.mjs'

/** The workspace that holds this file. */
const root = fileURLToPath(new URL('../../../..', import.meta.url))

/** Installs what is missing, then runs the TypeScript file `target` with `args`. */
export async function start([target, ...args]) {
  try {
    if (target === undefined)
      throw new BootstrapError('Usage: node libs/tooling/bootstrap.mjs <target.ts> [arguments]')
    if (process.env.npm_lifecycle_event !== undefined) endWithNpm()
    const { installed } = await ensureInstalled(root)
    await handOver({ root, target: path.resolve(root, target), args, justInstalled: installed })
  } catch (error) {
    if (!(error instanceof BootstrapError)) throw error
    console.error(error.message)
    process.exitCode = error.exitCode
  }
}
