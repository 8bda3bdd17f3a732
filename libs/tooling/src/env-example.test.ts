import { describe, expect, test } from '@jest/globals'
import { envExampleFaults } from './env-example.ts'

const variables = [
  { name: 'PORT', readBy: 'apps/gateway' },
  { name: 'HOST', readBy: 'apps/gateway' },
]

describe('.env.example', () => {
  test('is fine when it explains every variable, set or not', () => {
    expect(
      envExampleFaults(variables, '# Where the gateway listens.\nHOST=127.0.0.1\n# PORT=4000\n'),
    ).toEqual([])
  })

  test('lacks no variable', () => {
    expect(envExampleFaults(variables, '# Where.\n# HOST=\n')).toEqual([
      '.env.example lacks PORT, read by apps/gateway.',
    ])
  })

  test('has none that nobody reads', () => {
    expect(envExampleFaults(variables, '# Where.\n# HOST=\n# PORT=\n# COLOUR=red\n')).toEqual([
      '.env.example has COLOUR, which no env.ts reads.',
    ])
  })

  test('explains each paragraph', () => {
    expect(envExampleFaults(variables, '# Where.\n# HOST=\n\n# PORT=\n')).toEqual([
      '.env.example does not say what PORT is for.',
    ])
  })
})
