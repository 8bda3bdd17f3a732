import { describe, expect, test } from '@jest/globals'
import type { Home } from './home.ts'
import { isPassing, isPortBusy, toStartupError } from './startup-failure.ts'

const home: Home = {
  directory: '/project/.courtside/postgres',
  data: '/project/.courtside/postgres/data',
  passwordFile: '',
  log: '',
  previousLog: '',
  user: undefined,
}
const explain = (log: string) => toStartupError('Postgres (exit code 1)', log, { home, port: 54329 }).message

describe('what Postgres says when it does not start', () => {
  test.each([
    [
      'FATAL:  could not write lock file "postmaster.pid": No space left on device',
      /disk of \/project.* is full/,
    ],
    [
      'LOG:  could not bind IPv4 address "127.0.0.1": Address already in use\nFATAL:  could not create any TCP/IP sockets',
      /^Port 54329 is already in use[^]*COURTSIDE_POSTGRES_PORT\.$/,
    ],
    [
      'postgres: error while loading shared libraries: libicuuc.so.60: cannot open shared object file: No such file or directory',
      /not completely installed\.\nRun `npm rebuild`/,
    ],
    [
      'DETAIL:  The data directory was initialized by PostgreSQL version 17, which is not compatible with this version 18.4.',
      /another version of Postgres[^]*reset all/,
    ],
    [
      'FATAL:  data directory "/project/.courtside/postgres/data" has wrong ownership',
      /may not use \/project.*data\.\nGive that folder/,
    ],
    ['FATAL:  could not open file "postmaster.pid": Permission denied', /may not use/],
    [
      'PANIC:  could not locate a valid checkpoint record at 0/1500028',
      /is damaged\.\nIf its data can be lost[^]*reset all[^]*valid checkpoint record/,
    ],
    ['FATAL:  incorrect checksum in control file "global/pg_control"', /is damaged/],
    ['FATAL:  could not open directory "pg_wal": No such file or directory', /is damaged/],
  ])('becomes a sentence and what to do: %s', (log, said) => {
    expect(explain(log)).toMatch(said)
  })

  test('is shown when nobody has thought of it, but no more than its end', () => {
    const log = Array.from({ length: 20 }, (_, line) => `LOG:  line ${line}`).join('\n')
    expect(explain(`${log}\nFATAL:  the moon is full\n`)).toMatch(
      /^Postgres \(exit code 1\) failed\.\nIts last words:\n {2}LOG: {2}line 13\n[^]*the moon is full$/,
    )
  })

  test('is waited out when it is only the last run that has not quite gone', () => {
    expect(isPassing('FATAL:  lock file "postmaster.pid" already exists')).toBe(true)
    expect(isPassing('FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use')).toBe(true)
    expect(isPassing('FATAL:  could not create any TCP/IP sockets')).toBe(false)
    expect(isPortBusy('FATAL:  could not create any TCP/IP sockets')).toBe(true)
  })
})
