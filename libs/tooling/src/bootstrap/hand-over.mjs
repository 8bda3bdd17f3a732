import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { BootstrapError } from './bootstrap-error.mjs'
import { runTarget, targetEnvironment } from './run-target.mjs'

/** The first Node that runs TypeScript as it is, and the major version of the pinned one. */
const TYPESCRIPT_SINCE = 24

/** Runs the target in this process if its Node can, and otherwise in the Node that npm installed. */
export async function handOver({ root, target, args, justInstalled }) {
  if (canRunTypeScript() && !(justInstalled && runsFrom(path.join(root, 'node_modules')))) {
    await runTarget(root, target, args)
    return
  }
  process.exitCode = await runInChild(pinnedNode(root), root, target, args)
}

function canRunTypeScript() {
  return Number.parseInt(process.versions.node, 10) >= TYPESCRIPT_SINCE
}

/** An install replaces the binary of a Node that runs from there: its workers and children would not find it. */
function runsFrom(folder) {
  return process.execPath.startsWith(folder + path.sep)
}

/** The Node binary that npm installed for this platform. */
function pinnedNode(root) {
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const name = `node-${platform}-${process.arch}`
  const binary = path.join(
    root,
    'node_modules',
    name,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  )
  if (existsSync(binary)) return binary
  throw new BootstrapError(
    `Courtside runs on Node ${TYPESCRIPT_SINCE} or newer; this is ${process.version}, and npm has none for ${platform}-${process.arch}.\n` +
      `Install Node ${TYPESCRIPT_SINCE} (https://nodejs.org or your version manager), then run the same command again.`,
  )
}

/** Resolves with the exit code of the child. */
function runInChild(node, root, target, args) {
  const entry = fileURLToPath(new URL('child.mjs', import.meta.url))
  // A script that asks something of V8 asks it of the process that does the work.
  const child = spawn(node, [...process.execArgv, entry, root, target, ...args], {
    env: { ...process.env, ...targetEnvironment(root) },
    // The channel carries nothing: its end tells the child that this process has gone.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    let forwarded = false
    process.on(signal, () => {
      if (!forwarded) child.kill(signal)
      forwarded = true
    })
  }
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(cannotRun(node, error)))
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]))
  })
}

function cannotRun(node, error) {
  return new BootstrapError(
    `${node} does not run on this system (${error.message}); it is made for systems with glibc.\n` +
      `Install Node ${TYPESCRIPT_SINCE} (https://nodejs.org or your version manager), then run the same command again.`,
  )
}
