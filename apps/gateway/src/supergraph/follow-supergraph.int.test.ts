import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { silentLogger } from '@courtside/logger'
import { followSupergraph, type LiveVersion } from './index.ts'

let folder: string
let file: string
let events: string[]
let outcomes: ('replaced' | 'kept')[]
let live: LiveVersion<{ text: string; stop(): Promise<void> }>

const replace = async (text: string) => {
  await writeFile(`${file}.new`, text)
  await rename(`${file}.new`, file)
}

/** Resolves at the next reload that ends like this. */
const reloaded = async (outcome: 'replaced' | 'kept') => {
  while (!outcomes.includes(outcome)) await new Promise(setImmediate)
  outcomes = []
}

const build = async (text: string) => {
  if (text.startsWith('bad')) throw new Error(text)
  events.push(`build ${text}`)
  return {
    text,
    async stop() {
      events.push(`stop ${text}`)
    },
  }
}

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'courtside-follow-'))
  file = path.join(folder, 'supergraph.graphql')
  events = []
  outcomes = []
  await writeFile(file, 'one')
  live = await followSupergraph({
    file,
    build,
    pollMs: 20,
    log: silentLogger,
    onReload: (outcome) => outcomes.push(outcome),
  })
})
afterEach(async () => {
  await live.stop()
  await rm(folder, { recursive: true })
})

const current = () => live.use(async ({ text }) => text)

describe('what is built from a supergraph', () => {
  test('is stopped when the last who uses it has ended, and not before', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const used = live.use(async ({ text }) => {
      await promise
      events.push(`used ${text}`)
    })
    await replace('two')
    await reloaded('replaced')
    expect(await current()).toBe('two')
    expect(events).toEqual(['build one', 'build two'])
    resolve()
    await used
    await new Promise(setImmediate)
    expect(events).toEqual(['build one', 'build two', 'used one', 'stop one'])
  })

  test('is stopped when the last who holds it has let go, who is told when to', async () => {
    const held = live.hold()
    const told = new Promise<void>((resolve) => live.onReplaced(resolve))
    expect(held.isSuperseded).toBe(false)
    await replace('two')
    await told
    expect([held.version.text, held.isSuperseded]).toEqual(['one', true])
    expect(await current()).toBe('two')
    expect(events).toEqual(['build one', 'build two'])
    held.release()
    held.release()
    await new Promise(setImmediate)
    expect(events).toEqual(['build one', 'build two', 'stop one'])
  })

  test('stays when what comes after it is bad, until something good comes', async () => {
    await replace('bad')
    await reloaded('kept')
    expect(await current()).toBe('one')
    await replace('two')
    await reloaded('replaced')
    expect(await current()).toBe('two')
  })

  test('stays when the file goes away for a while', async () => {
    await rm(file)
    await reloaded('kept')
    expect(await current()).toBe('one')
    await replace('two')
    await reloaded('replaced')
    expect(await current()).toBe('two')
  })

  test('is not built again from the same text', async () => {
    await replace('two')
    await reloaded('replaced')
    await replace('two')
    await replace('three')
    await reloaded('replaced')
    expect(events.filter((event) => event.startsWith('build'))).toEqual([
      'build one',
      'build two',
      'build three',
    ])
  })

  test('is stopped with the rest', async () => {
    await live.stop()
    expect(events).toEqual(['build one', 'stop one'])
    await replace('two')
    await new Promise(setImmediate)
    expect(events).toEqual(['build one', 'stop one'])
  })
})
