import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { watch } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type StartedProcess, startProcess } from '@courtside/tooling/started-process'
import { copyWorkspace, type WorkspaceCopy } from '@courtside/tooling/workspace-copy'

const TEST_MS = 60_000

/** A test that starts a process, tells that it has come so far, and then blocks its worker for good. */
const ENDLESS_TEST = `
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { test } from '@jest/globals'

test('never ends', () => {
  spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  writeFileSync('reached', '')
  for (;;);
})
`

const SMALL_TESTS = `
import { expect, test } from '@jest/globals'

test('holds', () => expect(1).toBe(1))
test('fails', () => expect(1).toBe(2))
test.skip('is skipped', () => {})
`

let copy: WorkspaceCopy

beforeAll(() => {
  copy = copyWorkspace()
  copy.write('libs/kernel/src/endless.int.test.ts', ENDLESS_TEST)
  copy.write('libs/kernel/src/small.test.ts', SMALL_TESTS)
  copy.write('libs/kernel/src/broken.test.ts', 'import "./not-there.ts"')
})
afterAll(() => copy.remove())

/** Runs `npm test` in the copy; all its processes inherit `mark`. */
function npmTest(args: string[], mark: string = randomUUID()): StartedProcess {
  return startProcess('npm', ['test', '--', ...args], {
    cwd: copy.folder,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], RUN_MARK: mark },
  })
}

describe('npm test', () => {
  test(
    'ends with the totals alone on the last line, and fails when a test does',
    async () => {
      const { code, output } = await npmTest(['unit', 'small']).ended
      expect(output.trimEnd().split('\n').at(-1)).toBe('1 passed, 1 failed, 1 skipped')
      expect(code).toBe(1)
    },
    TEST_MS,
  )

  test(
    'succeeds when the chosen tests do',
    async () => {
      const { code, output } = await npmTest(['unit', 'small', '-t', 'holds']).ended
      expect(output).toMatch(/\n1 passed, 0 failed, 2 skipped\n$/)
      expect(code).toBe(0)
    },
    TEST_MS,
  )

  test(
    'counts a file that cannot be loaded as a failure',
    async () => {
      const { code, output } = await npmTest(['unit', 'kernel/src/broken']).ended
      expect(output).toMatch(/\n0 passed, 1 failed, 0 skipped\n$/)
      expect(code).toBe(1)
    },
    TEST_MS,
  )

  test(
    'says how to call it when nothing matches',
    async () => {
      const { code, output } = await npmTest(['unit', 'no-such-file']).ended
      expect(output).toContain('No test file matches.\nUsage: npm test')
      expect(code).toBe(1)
    },
    TEST_MS,
  )
})

const JEST = /jest\/bin\/jest/
const POSTGRES = /bin\/postgres/

/** Ends one process of `npm test` alone. */
const kill = (command: RegExp, signal: NodeJS.Signals) => (family: Process[]) =>
  process.kill(family.find((one) => command.test(one.command))!.pid, signal)
const killNpm = (signal: NodeJS.Signals) => kill(/^npm test/, signal)
const killRunner = (signal: NodeJS.Signals) => kill(/^\S*node libs\/tooling\/bootstrap\.mjs/, signal)

/** A terminal sends the signal to npm, the shell that npm uses, and the runner; not to process groups of their own. */
const pressCtrlC = (family: Process[]) =>
  family
    .filter(({ command }) => /^npm test|libs\/tooling\/bootstrap\.mjs/.test(command))
    .forEach(({ pid }) => process.kill(pid, 'SIGINT'))

// Only Linux tells the environment of other processes.
const onLinux = existsSync('/proc/self/environ') ? describe : describe.skip

onLinux('npm test, ended while a test blocks, leaves no process behind', () => {
  test.each([
    ['by Ctrl-C', pressCtrlC],
    ['by SIGTERM to npm', killNpm('SIGTERM')],
    ['by SIGKILL to npm', killNpm('SIGKILL')],
    ['by SIGINT to the runner', killRunner('SIGINT')],
    ['by SIGTERM to the runner', killRunner('SIGTERM')],
    ['by SIGKILL to the runner', killRunner('SIGKILL')],
    ['by SIGKILL to jest', kill(JEST, 'SIGKILL')],
  ])(
    '%s',
    async (_case, end) => {
      const mark = randomUUID()
      rmSync(path.join(copy.folder, 'reached'), { force: true })
      const running = npmTest(['int', 'endless'], mark)
      await untilThere('reached')

      const family = familyOf(mark)
      expect(family.filter(({ command }) => JEST.test(command)).length).toBeGreaterThanOrEqual(1)
      expect(family.filter(({ command }) => POSTGRES.test(command)).length).toBeGreaterThanOrEqual(1)
      end(family)

      await running.ended
      while (family.some(({ pid }) => existsSync(`/proc/${pid}`)) || familyOf(mark).length > 0)
        await delay(50)
    },
    TEST_MS,
  )
})

interface Process {
  pid: number
  parent: number
  command: string
  environment: string
}

/** The processes that carry the mark, and all their descendants, whatever these have made of their environment. */
function familyOf(mark: string): Process[] {
  const all = readdirSync('/proc').flatMap((name) => readProcess(Number(name)) ?? [])
  const family = new Set(all.filter(({ environment }) => environment.includes(mark)))
  for (let size = 0; size !== family.size;) {
    size = family.size
    const pids = new Set([...family].map(({ pid }) => pid))
    for (const one of all) if (pids.has(one.parent)) family.add(one)
  }
  return [...family]
}

function readProcess(pid: number): Process | undefined {
  if (Number.isNaN(pid)) return undefined
  const read = (file: string) => readFileSync(`/proc/${pid}/${file}`, 'utf8')
  try {
    const parent = Number(/^PPid:\s*(\d+)/m.exec(read('status'))?.[1])
    return { pid, parent, command: read('cmdline').replaceAll('\0', ' '), environment: read('environ') }
  } catch {
    return undefined // it has just ended, or belongs to somebody else
  }
}

async function untilThere(file: string): Promise<void> {
  const watching = new AbortController()
  const changes = watch(copy.folder, { signal: watching.signal })
  try {
    while (!existsSync(path.join(copy.folder, file))) await changes.next()
  } finally {
    watching.abort()
  }
}
