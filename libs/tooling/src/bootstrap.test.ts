import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { watch } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { startProcess } from './started-process.ts'

const tooling = fileURLToPath(new URL('..', import.meta.url))

/** Stands for npm: notes each call, and installs what package-lock.json says in the manner that FAKE_NPM names. */
const FAKE_NPM = `
const { appendFileSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs')
const [command] = process.argv.slice(2)
const finish = () => {
  mkdirSync('node_modules', { recursive: true })
  writeFileSync('node_modules/.package-lock.json', readFileSync('package-lock.json'))
}
if (command === '--version') {
  console.log(process.env.FAKE_NPM === 'old' ? '9.9.9' : '11.0.0')
} else {
  if (process.env.FAKE_NPM === 'waiting') process.once('SIGUSR2', () => { finish(); process.exit() })
  appendFileSync('npm-calls', process.pid + ' ' + process.argv.slice(2).join(' ') + '\\n')
  if (process.env.FAKE_NPM === 'waiting') {
    setInterval(() => {}, 1000)
  } else if (process.env.FAKE_NPM) {
    console.error('npm error ' + process.env.FAKE_NPM)
    process.exit(1)
  } else finish()
}
`

let root: string

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'bootstrap-'))
  cpSync(path.join(tooling, 'bootstrap.mjs'), path.join(root, 'libs/tooling/bootstrap.mjs'))
  cpSync(path.join(tooling, 'src/bootstrap'), path.join(root, 'libs/tooling/src/bootstrap'), {
    recursive: true,
  })
  write('package.json', { workspaces: [], engines: { node: '>=20.19' } })
  writeLock('1.0.0')
  write('target.ts', "const word: string = 'ran'\nconsole.log(word, ...process.argv.slice(2))\n")
  write('bin/fake-npm.cjs', FAKE_NPM)
  write(
    'bin/npm',
    `#!/bin/sh\nexec '${process.execPath}' '${path.join(root, 'bin/fake-npm.cjs')}' "$@"\n`,
    0o755,
  )
})
afterEach(() => rmSync(root, { recursive: true }))

function write(file: string, content: string | object, mode = 0o644) {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  writeFileSync(path.join(root, file), text, { mode })
}

function writeLock(version: string) {
  write('package-lock.json', { packages: { '': {}, 'node_modules/some-package': { version } } })
}

/** Runs `target` by way of the bootstrap, with npm behaving as `npm` says: `old`, `waiting`, or failing with that text. */
function bootstrap({ npm = '', target = 'target.ts', args = [] as string[] } = {}) {
  return startProcess(process.execPath, ['libs/tooling/bootstrap.mjs', target, ...args], {
    cwd: root,
    env: { PATH: `${path.join(root, 'bin')}:/usr/bin:/bin`, FAKE_NPM: npm },
  })
}

const installs = () =>
  existsSync(path.join(root, 'npm-calls')) ? (read('npm-calls').match(/.+\n/g) ?? []) : []
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')
const lockFile = () => path.join(root, '.courtside/install.lock')

/** The process id of npm, once it is installing. */
async function installingNpm() {
  const watching = new AbortController()
  const changes = watch(root, { signal: watching.signal })
  try {
    for (let call = installs()[0]; ; call = installs()[0]) {
      if (call !== undefined) return Number(call.split(' ')[0])
      await changes.next()
    }
  } finally {
    watching.abort()
  }
}

describe('installing', () => {
  test('installs what is missing, once, and then runs the program', async () => {
    expect(await bootstrap({ args: ['with', 'arguments'] }).ended).toMatchObject({
      code: 0,
      output: expect.stringMatching(
        /Installing 1 packages.*Installed 1 packages in \d+ s\.\nran with arguments\n$/s,
      ),
    })
    expect(await bootstrap().ended).toMatchObject({ code: 0, output: 'ran\n' })
    expect(installs()).toEqual([expect.stringContaining('ci --loglevel=error --no-audit --no-fund')])
  })

  test('installs again when the lock file asks for another version', async () => {
    await bootstrap().ended
    writeLock('1.0.1')
    await bootstrap().ended
    expect(installs()).toHaveLength(2)
  })

  test('installs again when a project is new', async () => {
    await bootstrap().ended
    write('package.json', { workspaces: ['libs/*', '!libs/tooling'], engines: { node: '>=20.19' } })
    write('libs/new/package.json', { name: '@courtside/new' })
    await bootstrap().ended
    expect(installs()).toHaveLength(2)
  })

  test('takes what somebody has installed by hand', async () => {
    write('node_modules/.package-lock.json', read('package-lock.json'))
    expect(await bootstrap().ended).toMatchObject({ code: 0, output: 'ran\n' })
  })

  test.each([
    ['an unreachable registry', 'getaddrinfo EAI_AGAIN registry', /EAI_AGAIN.*Connect to the network/s],
    [
      'files that disagree',
      'npm ci can only install packages when your package.json and package-lock.json are in sync',
      /Run `npm install`/,
    ],
    ['anything else', 'disk full', /disk full.*what it said stands above/s],
  ])('tells what to do about %s, and tries again next time', async (_case, npm, message) => {
    expect(await bootstrap({ npm }).ended).toMatchObject({ code: 1, output: expect.stringMatching(message) })
    expect(await bootstrap().ended).toMatchObject({ code: 0, output: expect.stringMatching(/ran\n$/) })
  })

  test('a failed installation leaves nothing that counts as installed', async () => {
    await bootstrap().ended
    writeLock('1.0.1')
    await bootstrap({ npm: 'disk full' }).ended
    writeLock('1.0.0')
    await bootstrap().ended
    expect(installs()).toHaveLength(3)
  })

  test('files that disagree spoil nothing: what was installed counts once they agree again', async () => {
    await bootstrap().ended
    writeLock('1.0.1')
    await bootstrap({ npm: 'npm ci can only install packages when your package.json and package-lock.json' })
      .ended
    writeLock('1.0.0')
    expect(await bootstrap().ended).toMatchObject({ code: 0, output: 'ran\n' })
  })

  test('names the npm and the Node it needs when they are too old', async () => {
    expect(await bootstrap({ npm: 'old' }).ended).toMatchObject({
      code: 1,
      output:
        'Courtside needs npm 10 or newer; this is npm 9.9.9.\nRun `npm install --global npm`, then the same command again.\n',
    })
    write('package.json', { workspaces: [], engines: { node: '>=99.1' } })
    expect(await bootstrap().ended).toMatchObject({
      code: 1,
      output: expect.stringMatching(
        /^Courtside needs Node 99\.1 or newer; this is v\d+.*Install a current Node/s,
      ),
    })
  })

  test('an interrupted installation leaves neither npm nor lock behind, and is begun again', async () => {
    const running = bootstrap({ npm: 'waiting' })
    const npm = await installingNpm()
    running.child.kill('SIGINT')
    expect(await running.ended).toMatchObject({
      code: 130,
      output: expect.stringContaining('interrupted; the next run begins it again'),
    })
    expect(() => process.kill(npm, 0)).toThrow('ESRCH')
    expect(existsSync(lockFile())).toBe(false)
    expect(await bootstrap().ended).toMatchObject({ code: 0 })
    expect(installs()).toHaveLength(2)
  })
})

describe('two installations at once', () => {
  test('the second waits, says so, and finds the work done', async () => {
    const first = bootstrap({ npm: 'waiting' })
    const npm = await installingNpm()
    const second = bootstrap()
    await second.untilPrinted(new RegExp(`Process ${first.child.pid} is already installing the packages`))
    process.kill(npm, 'SIGUSR2')
    expect(await first.ended).toMatchObject({ code: 0 })
    expect(await second.ended).toMatchObject({ code: 0, output: expect.stringMatching(/ran\n$/) })
    expect(installs()).toHaveLength(1)
  })

  test('the second also waits for an npm whose bootstrap was killed', async () => {
    const first = bootstrap({ npm: 'waiting' })
    const npm = await installingNpm()
    first.child.kill('SIGKILL')
    await first.ended
    const second = bootstrap()
    await second.untilPrinted(new RegExp(`Process ${npm} is already installing the packages`))
    process.kill(npm, 'SIGUSR2')
    expect(await second.ended).toMatchObject({ code: 0 })
    expect(installs()).toHaveLength(1)
  })

  test('a lock whose process has gone is void', async () => {
    const gone = startProcess(process.execPath, ['--version'])
    await gone.ended
    write('.courtside/install.lock', [{ pid: gone.child.pid, startedAt: '1' }] as object)
    expect(await bootstrap().ended).toMatchObject({ code: 0, output: expect.not.stringContaining('waiting') })
    expect(installs()).toHaveLength(1)
  })

  test('a lock is void too when its process id has been used again', async () => {
    write('.courtside/install.lock', [{ pid: process.pid, startedAt: 'another time' }] as object)
    expect(await bootstrap().ended).toMatchObject({ code: 0, output: expect.not.stringContaining('waiting') })
  })
})

describe('handing over', () => {
  const server = `
    const done = (signal: NodeJS.Signals) => { console.log('drained after ' + signal); process.exit(7) }
    process.on('SIGTERM', done).on('SIGINT', done)
    setInterval(() => {}, 1000)
    console.log('up as ' + process.pid + ' in ' + process.execPath)`

  beforeEach(() => write('server.ts', server))

  test('runs the program in the same process where its Node can', async () => {
    await bootstrap().ended
    const running = bootstrap({ target: 'server.ts' })
    const [, pid] = await running.untilPrinted(/up as (\d+) in/)
    expect(Number(pid)).toBe(running.child.pid)
    running.child.kill('SIGTERM')
    expect(await running.ended).toMatchObject({
      code: 7,
      output: expect.stringMatching(/drained after SIGTERM/),
    })
  })

  test('the program is the main module as far as it can see', async () => {
    write('main.ts', 'console.log(process.argv[1])')
    const { output } = await bootstrap({ target: 'main.ts' }).ended
    expect(output.trim().split('\n').at(-1)).toBe(path.join(root, 'main.ts'))
  })

  test('tells of an error in the program, and ends with 1', async () => {
    write('broken.ts', "throw new Error('broken program')")
    expect(await bootstrap({ target: 'broken.ts' }).ended).toMatchObject({
      code: 1,
      output: expect.stringContaining('Error: broken program'),
    })
  })

  describe('to the Node that npm installed', () => {
    const platform = process.platform === 'win32' ? 'win' : process.platform
    const installed = () => path.join(root, `node_modules/node-${platform}-${process.arch}/bin/node`)

    /** Under a Node of node_modules an installation makes the program run as a child in the Node then installed. */
    async function runInChild() {
      cpSync(process.execPath, installed())
      const running = startProcess(installed(), ['libs/tooling/bootstrap.mjs', 'server.ts'], {
        cwd: root,
        env: { PATH: `${path.join(root, 'bin')}:/usr/bin:/bin` },
      })
      const [, pid, node] = await running.untilPrinted(/up as (\d+) in (.*)/)
      expect(node).toBe(installed())
      expect(Number(pid)).not.toBe(running.child.pid)
      return running
    }

    test.each(['SIGTERM', 'SIGINT'] as const)('passes %s on, and ends as the program did', async (signal) => {
      const running = await runInChild()
      running.child.kill(signal)
      const { code, output } = await running.ended
      expect(output.match(/drained/g)).toHaveLength(1)
      expect(code).toBe(7)
    })

    test('the program drains and ends when the bootstrap is killed', async () => {
      const running = await runInChild()
      running.child.kill('SIGKILL')
      // Its output closes when the last process that holds it has ended.
      expect((await running.ended).output).toContain('drained after SIGTERM')
    })
  })

  test.each([
    ['npm', 'exec node libs/tooling/bootstrap.mjs server.ts'],
    ['npm with a shell between them', 'node libs/tooling/bootstrap.mjs server.ts; exit $?'],
  ])('the program drains and ends when %s is killed', async (_case, script) => {
    await bootstrap().ended
    const npm = `
      const { spawn } = require('node:child_process')
      spawn('sh', ['-c', ${JSON.stringify(script)}], { stdio: 'inherit' })`
    const running = startProcess(process.execPath, ['-e', npm], {
      cwd: root,
      env: { PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin`, npm_lifecycle_event: 'start' },
    })
    await running.untilPrinted(/up as/)
    running.child.kill('SIGKILL')
    expect((await running.ended).output).toContain('drained after SIGTERM')
  })
})
