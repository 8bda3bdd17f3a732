import * as nodeModule from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

/** What every program of the workspace and its children run with. */
export function targetEnvironment(root) {
  return {
    APOLLO_TELEMETRY_DISABLED: 'true',
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? path.join(root, '.courtside', 'compile-cache'),
  }
}

/** Runs the file `target` in this process as if Node had been started with it. */
export async function runTarget(root, target, args) {
  Object.assign(process.env, targetEnvironment(root))
  nodeModule.enableCompileCache(process.env.NODE_COMPILE_CACHE)
  process.argv = [process.execPath, target, ...args]
  await import(pathToFileURL(target).href)
}
