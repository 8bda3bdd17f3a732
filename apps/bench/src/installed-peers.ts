import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { StartupError } from '@courtside/kernel'
import { ensureInstalled } from '@courtside/tooling/ensure-installed'

const bench = path.resolve(import.meta.dirname, '..')

/** Installs the packages that ours is compared with, which no other command needs. */
export async function installPeers(say: (line: string) => void): Promise<void> {
  if (!existsSync(path.join(bench, 'node_modules'))) {
    say(
      'The gateways to compare with are not here yet: npm installs them into apps/bench/node_modules (700 MB).',
    )
  }
  await ensureInstalled(bench).catch((error: unknown) => {
    if (error instanceof Error && 'exitCode' in error) throw new StartupError(error.message, { cause: error })
    throw error
  })
}

interface Manifest {
  dependencies: Record<string, string>
}

/** Of what is compared, by the names of the packages. */
export function peerVersions(): Record<string, string> {
  const { dependencies } = JSON.parse(readFileSync(path.join(bench, 'package.json'), 'utf8')) as Manifest
  return Object.fromEntries(
    Object.entries(dependencies).map(([name, version]) => [name, version.replace('npm:graphql@', '')]),
  )
}
