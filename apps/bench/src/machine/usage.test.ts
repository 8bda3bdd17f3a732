import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from '@jest/globals'
import { canMeasureCpu, usageOf } from './usage.ts'

const BURN = `const until = 200_000; while (process.cpuUsage().user < until); console.log('burnt'); setInterval(() => {}, 1000)`

const onLinux = canMeasureCpu ? test : test.skip

onLinux('what a child of a process uses counts as used by that process', async () => {
  const before = usageOf(process.pid)
  const child = spawn(process.execPath, ['-e', BURN], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    await once(child.stdout, 'data')
    const after = usageOf(process.pid)
    expect(after.cpuMs - before.cpuMs).toBeGreaterThanOrEqual(180)
    expect(after.residentMb).toBeGreaterThan(usageOf(child.pid ?? 0).residentMb)
  } finally {
    child.kill()
    await once(child, 'exit')
  }
})

onLinux('a process that is not there has used nothing that could be told', () => {
  expect(() => usageOf(2 ** 30)).toThrow('ENOENT')
})
