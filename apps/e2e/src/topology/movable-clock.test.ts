import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'

const HOUR_MS = 60 * 60 * 1000
/** Far more than a loaded machine takes between two looks. */
const MOMENT_MS = 60_000

/** Tells how late it is whenever its clock has been set. */
const PROGRAM = `
process.on('message', () => process.send({
  now: Date.now(),
  made: new Date().getTime(),
  given: new Date(17).getTime(),
  isDate: new Date() instanceof Date && structuredClone(new Date()) instanceof Date,
  runMs: performance.now(),
}))
// What serves has something to stay for.
setInterval(() => {}, 60_000)
process.send('ready')
`

interface Told {
  now: number
  made: number
  given: number
  isDate: boolean
  runMs: number
}

let folder: string
let child: ChildProcess
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'courtside-clock-'))
  const program = path.join(folder, 'program.mjs')
  writeFileSync(program, PROGRAM)
  child = fork(program, { execArgv: ['--import', path.join(import.meta.dirname, 'movable-clock.ts')] })
  await once(child, 'message')
})
afterEach(async () => {
  if (child.exitCode === null) {
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  rmSync(folder, { recursive: true })
})

async function shiftBy(shiftClockMs: number): Promise<Told> {
  const told = new Promise<Told>((resolve) => {
    child.on('message', (message: Told | string) => {
      if (typeof message === 'object') resolve(message)
    })
  })
  child.send({ shiftClockMs })
  return told
}

test.each([HOUR_MS, -HOUR_MS, 0])(
  'the wall clock of a process is wrong by %d ms, and nothing else is',
  async (shift) => {
    await shiftBy(5 * HOUR_MS)
    child.removeAllListeners('message')
    const { now, made, given, isDate, runMs } = await shiftBy(shift)
    for (const seen of [now, made]) expect(Math.abs(seen - Date.now() - shift)).toBeLessThan(MOMENT_MS)
    expect({ given, isDate }).toEqual({ given: 17, isDate: true })
    expect(runMs).toBeLessThan(MOMENT_MS)
  },
)

test('a process that could be told the time ends when nobody can tell it any more', async () => {
  const ended = once(child, 'exit')
  child.disconnect()
  expect(await ended).toEqual([1, null])
})
