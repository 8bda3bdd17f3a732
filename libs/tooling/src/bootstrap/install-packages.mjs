import { spawn, spawnSync } from 'node:child_process'
import { constants } from 'node:os'
import path from 'node:path'
import { BootstrapError } from './bootstrap-error.mjs'
import { reportProgress } from './install-progress.mjs'
import { forgetInstalled, rememberInstalled } from './installed-packages.mjs'

/** Older ones read neither this lock file nor its settings rightly. */
const LEAST_NPM = 10

/** What npm says when it cannot reach the registry. */
const OFFLINE =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENOTCACHED)\b/

/** What npm says when package.json files and package-lock.json disagree. */
const OUT_OF_STEP = /can only install packages when your package\.json and package-lock\.json/

/** Replaces node_modules by what package-lock.json says. `onStart` gets the process id of npm. */
export async function installPackages(root, { onStart }) {
  const npm = npmCommand()
  assertNpmIsRecent(npm)
  forgetInstalled(root)
  // Before there is an npm: a signal between the two would end this process alone.
  const interruption = endOnSignal(() => child.kill('SIGKILL'))
  const child = spawn(
    npm.file,
    // Whatever the environment says: development tools and platform binaries are needed to run anything here.
    [
      ...npm.args,
      'ci',
      '--loglevel=error',
      '--no-audit',
      '--no-fund',
      '--no-progress',
      '--include=dev',
      '--include=optional',
    ],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], shell: npm.shell },
  )
  if (child.pid !== undefined) onStart(child.pid)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const progress = reportProgress(root)
  try {
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    if (interruption.signal !== undefined) throw interrupted(interruption.signal)
    if (code !== 0) {
      if (OUT_OF_STEP.test(output)) rememberInstalled(root)
      throw failure(output)
    }
    progress.succeed()
  } finally {
    progress.end()
    interruption.end()
  }
}

/** The npm that runs this script if one does, otherwise the one on the PATH. */
function npmCommand() {
  const { npm_execpath: script, npm_node_execpath: node } = process.env
  if (script !== undefined && node !== undefined && path.basename(script) === 'npm-cli.js') {
    return { file: node, args: [script], shell: false }
  }
  return { file: 'npm', args: [], shell: process.platform === 'win32' }
}

function assertNpmIsRecent({ file, args, shell }) {
  const { error, stdout } = spawnSync(file, [...args, '--version'], { encoding: 'utf8', shell })
  if (error !== undefined) {
    throw new BootstrapError(
      `The packages have to be installed, but npm cannot be run (${error.message}).\n` +
        'Install Node with npm (https://nodejs.org), then run the same command again.',
    )
  }
  if (Number.parseInt(stdout, 10) < LEAST_NPM) {
    throw new BootstrapError(
      `Courtside needs npm ${LEAST_NPM} or newer; this is npm ${stdout.trim()}.\n` +
        'Run `npm install --global npm`, then the same command again.',
    )
  }
}

/**
 * Ends npm when this process is asked to end, and remembers by which signal. Outright, because npm would go on to the
 * end of its work and then undo it, which takes minutes; the next run begins from scratch in any case.
 */
function endOnSignal(endNpm) {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  const interruption = {
    signal: undefined,
    end: () => signals.forEach((signal) => process.off(signal, stop)),
  }
  const stop = (signal) => {
    interruption.signal ??= signal
    endNpm()
  }
  for (const signal of signals) process.on(signal, stop)
  return interruption
}

function interrupted(signal) {
  return new BootstrapError(
    'The installation was interrupted; the next run begins it again.',
    128 + constants.signals[signal],
  )
}

function failure(output) {
  const said = output.trim()
  if (OFFLINE.test(said)) {
    return new BootstrapError(
      `${said}\n\nThe packages cannot be fetched: the package registry does not answer.\n` +
        'Connect to the network (or mend the proxy or registry in your npm settings), then run the same command again.',
    )
  }
  if (OUT_OF_STEP.test(said)) {
    return new BootstrapError(
      `${said}\n\nA package.json asks for something that package-lock.json does not hold.\n` +
        'Run `npm install`, and commit the package-lock.json it writes.',
    )
  }
  return new BootstrapError(
    `${said}\n\nnpm could not install the packages; what it said stands above.\n` +
      'Mend that, then run the same command again: it begins the installation from scratch.',
  )
}
