import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Cluster, freePort, inScratch, startCluster } from '@courtside/database/embedded'
import { workspaceRoot } from '@courtside/database/migrate'
import { mustTestAll, whyNoRedis } from '@courtside/redis/testing'
import { startProcess, type StartedProcess } from '@courtside/tooling/started-process'
import { graphClient } from '../graph-client.ts'
import { readComposeFile } from './compose-file.ts'

const LIMIT_MS = 90_000
const SUBGRAPHS = ['accounts', 'stats']

/** Every service by its own command, variables and secrets; only the addresses are those of this machine. */
const compose = readComposeFile()
const secrets = mkdtempSync(path.join(tmpdir(), 'courtside-deployment-'))
const addresses = new Map<string, string>()
const servers: Cluster[] = []
const running: StartedProcess[] = []

const here = (text: string) =>
  [...addresses].reduce((result, [there, address]) => result.replaceAll(there, address), text)

function start(name: string, file = process.execPath): StartedProcess {
  const service = compose.services[name]
  if (!service?.command) throw new Error(`${name} has no command`)
  const [, ...args] = service.command
  const environment = Object.entries(service.environment).map(([variable, value]) => {
    const text = value.replace(/\$\{\w+:-(.*)\}/, '$1').replace('/run/secrets', secrets)
    const isPort = /(^|_)PORT$/.test(variable)
    return [variable, isPort ? here(`${name}:${text}`).split(':')[1] : here(text)]
  })
  const { PATH } = process.env
  const started = startProcess(
    file,
    args.map((word) => word.replace('/run/secrets', secrets)),
    {
      cwd: workspaceRoot,
      env: { PATH, ...Object.fromEntries(environment) },
    },
  )
  running.push(started)
  return started
}

beforeAll(async () => {
  for (const subgraph of SUBGRAPHS) {
    const server = await startCluster({ directory: await inScratch(), throwAway: true })
    servers.push(server)
    addresses.set(`${subgraph}-postgres:5432`, `127.0.0.1:${server.port}`)
    // The image makes its superuser of this file; here the server is there first.
    writeFileSync(path.join(secrets, `${subgraph}_postgres_password`), new URL(server.adminUrl()).password)
  }
  const listening = ['accounts:4001', 'stats:4002', 'gateway-a:4000', 'gateway-b:4000', 'redis:6379']
  for (const address of listening) addresses.set(address, `127.0.0.1:${await freePort()}`)
  execFileSync(process.execPath, [path.join(workspaceRoot, 'deploy/make-secrets.mjs'), secrets])
  for (const name of readdirSync(secrets)) {
    const file = path.join(secrets, name)
    const text = readFileSync(file, 'utf8')
    chmodSync(file, 0o600)
    writeFileSync(file, here(text))
  }
}, LIMIT_MS)

afterAll(async () => {
  for (const { child } of running) child.kill('SIGKILL')
  await Promise.all(running.map(({ ended }) => ended))
  await Promise.all(servers.map((server) => server.stop()))
  rmSync(secrets, { recursive: true })
}, LIMIT_MS)

const missing = whyNoRedis()
const withRedis = missing === null || mustTestAll ? test : test.skip

withRedis(
  `docker-compose.yml brings up the whole graph, from empty databases${missing === null ? '' : ` (${missing})`}`,
  async () => {
    const migrated = await start('migrate').ended
    expect(migrated).toMatchObject({ code: 0 })
    const again = await start('migrate').ended
    expect(again.output).toMatch(/accounts +up to date\nstats +up to date/)

    const redis = compose.services['redis']
    redis?.command?.push('--port', here('redis:6379').split(':')[1] ?? '', '--dir', secrets)
    await start('redis', 'redis-server').untilPrinted(/ready to accept connections/i)
    await Promise.all(SUBGRAPHS.map((name) => start(name).untilPrinted(/is ready"/)))
    const gateways = ['gateway-a', 'gateway-b']
    await Promise.all(gateways.map((name) => start(name).untilPrinted(/is ready"/)))

    for (const name of gateways) {
      const [, port = ''] = here(`${name}:4000`).split(':')
      const ready = startProcess(process.execPath, [path.join(workspaceRoot, 'deploy/is-ready.mjs'), port])
      expect(await ready.ended).toMatchObject({ code: 0 })
      const graph = graphClient(`http://127.0.0.1:${port}`)
      expect(await graph.ok('{ me { email } sports(first: 1) { totalCount } }')).toEqual({
        me: null,
        sports: { totalCount: 0 },
      })
    }
    // The user of Redis may do all that they want of it.
    for (const { child } of running) child.kill('SIGTERM')
    const ended = await Promise.all(running.map((one) => one.ended))
    expect(ended.map(({ output }) => output).join('\n')).not.toMatch(/NOPERM|NOAUTH|WRONGPASS/)
  },
  LIMIT_MS,
)
