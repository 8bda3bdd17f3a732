import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from '@jest/globals'
import { stopLimitMs } from './index.ts'

const endings: (() => void)[] = []
afterEach(() => endings.splice(0).forEach((end) => end()))

/** A process that says `up` once it listens to signals; `stop` is the body of its `stop`. */
async function started(stop: string, drainMs: number) {
  const program = `
    import { runProcess } from ${JSON.stringify(fileURLToPath(new URL('./index.ts', import.meta.url)))}
    const log = { debug() {}, error(fields, message) { console.log(message, JSON.stringify(fields)) } }
    runProcess(log, async () => {
      setInterval(() => {}, 1_000)
      setImmediate(() => console.log('up'))
      return { stop: async () => { ${stop} }, drainMs: ${drainMs} }
    })`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  endings.push(() => child.kill('SIGKILL'))
  let said = ''
  const ended = once(child, 'close')
  const up = new Promise<void>((resolve) =>
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (said.includes('up\n')) resolve()
    }),
  )
  await up
  child.kill('SIGTERM')
  const [code] = await ended
  return { code, said: said.replace('up\n', '') }
}

test('a process that has stopped ends with 0', async () => {
  expect(await started('', 60_000)).toEqual({ code: 0, said: '' })
})

test('a process that does not stop ends with 1 when its drain and what comes after have had their time', async () => {
  const neverStops = 'await new Promise(() => {})'
  // As far below nothing as leaves a tenth of a second of the whole.
  const ended = await started(neverStops, 100 - stopLimitMs({ drainMs: 0 }))
  expect(ended).toEqual({
    code: 1,
    said: 'Draining took too long; giving up on the rest {"seconds":0.1}\n',
  })
})

test('a drain that takes long leaves as much time for the rest as a short one', () => {
  const rest = stopLimitMs({ drainMs: 0 })
  expect(rest).toBeGreaterThan(0)
  expect(stopLimitMs({ drainMs: 75_000 })).toBe(75_000 + rest)
  expect(stopLimitMs({})).toBe(25_000)
})
