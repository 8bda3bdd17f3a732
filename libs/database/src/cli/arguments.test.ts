import { describe, expect, test } from '@jest/globals'
import { StartupError } from '@courtside/kernel'
import { parseToolArguments } from './arguments.ts'

describe('the arguments of the command db', () => {
  test('are a command, its subject, and what else the command needs', () => {
    expect(parseToolArguments(['deploy', 'all'])).toEqual({
      command: 'deploy',
      subject: 'all',
      detail: '',
      yes: false,
      force: false,
    })
    expect(parseToolArguments(['create', 'stats', 'add_height'])).toMatchObject({
      subject: 'stats',
      detail: 'add_height',
    })
    expect(parseToolArguments(['reset', '--yes', 'stats', '--force'])).toMatchObject({
      yes: true,
      force: true,
    })
  })

  test('are nothing but a question for help', () => {
    expect(parseToolArguments(['--help'])).toBeUndefined()
    expect(parseToolArguments(['deploy', '-h'])).toBeUndefined()
  })

  test.each([
    [[], /There is no command\.\nChoose one of deploy, create, status, drift, reset, resolve/],
    [['migrate', 'all'], /"migrate" is not a command\.\nChoose one of deploy/],
    [['deploy'], /`deploy` needs the name of a subgraph, or `all`/],
    [['create', 'stats'], /`create` needs a label, for example/],
    [['create', 'all', 'label'], /`create` takes one subgraph, not all/],
    [['resolve', 'stats'], /`resolve` needs the name of the migration/],
    [['deploy', 'stats', 'now'], /does not know what to do with "now"/],
    [['create', 'stats', 'add', 'height'], /does not know what to do with "height"/],
    [['reset', 'stats', '--hard'], /Unknown option '--hard'[^]*--help lists the options/],
  ])('are refused in a sentence when they are %j', (args, said) => {
    expect(() => parseToolArguments(args)).toThrow(said)
    expect(() => parseToolArguments(args)).toThrow(StartupError)
  })
})
