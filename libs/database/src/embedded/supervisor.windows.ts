// The counterpart of supervisor.sh for Windows, with the same arguments and the same promise. Windows has no signals
// and its postgres.exe refuses an elevated user: `pg_ctl` starts it with fewer rights and stops it properly.
import { spawn } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const LOOK_EVERY_MS = 500

const [, , signal, folder, command = '', ...args] = process.argv.slice(2)

const ownerIsGone = new AbortController()
process.stdin
  .on('end', () => ownerIsGone.abort())
  .on('error', () => ownerIsGone.abort())
  .resume()

const isPostgres = path.parse(command).name === 'postgres'
const code = isPostgres ? await supervisePostgres() : await run(command, args)
if (ownerIsGone.signal.aborted && folder) await rm(folder, { recursive: true, force: true })
process.exit(code)

async function supervisePostgres(): Promise<number> {
  const pgCtl = path.join(path.dirname(command), `pg_ctl${path.extname(command)}`)
  const [, data = '', ...settings] = args // -D <data> ...
  const started = await run(pgCtl, ['start', '-w', '-D', data, '-o', settings.join(' ')])
  if (started !== 0) return started
  const [pid] = (await readFile(path.join(data, 'postmaster.pid'), 'utf8')).split('\n')
  process.stdout.write(`${pid}\n`)
  while (isAlive(Number(pid))) {
    await delay(LOOK_EVERY_MS, undefined, { signal: ownerIsGone.signal }).catch(() => {})
    if (ownerIsGone.signal.aborted) {
      return run(pgCtl, ['stop', '-w', '-D', data, '-m', signal === 'QUIT' ? 'immediate' : 'fast'])
    }
  }
  return 1
}

/** `initdb` ends by itself soon enough; only its folder has to be seen to. */
function run(file: string, given: string[]): Promise<number> {
  const child = spawn(file, given, { stdio: ['ignore', 2, 2], windowsHide: true })
  return new Promise((resolve) => child.once('exit', (exitCode) => resolve(exitCode ?? 1)))
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
