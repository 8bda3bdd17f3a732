import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import path from 'node:path'
import { StartupError } from '@courtside/kernel'
import { root } from '../workspace.ts'
import { prismaEnvironment } from './env.ts'
import type { Output } from './freshness.ts'

const prisma = createRequire(import.meta.url).resolve('prisma/build/index.js')

/** The client that a subgraph's repositories use: the only generated code that its process loads. */
export function prismaClient(subgraph: string): Output {
  const schema = `prisma/${subgraph}/schema.prisma`
  return {
    name: `Prisma client of ${subgraph}`,
    inputs: [schema],
    files: [
      `apps/${subgraph}/src/generated/prisma/client.ts`,
      `apps/${subgraph}/src/generated/prisma/internal/class.ts`,
    ],
    generate: () => runPrisma(['generate', '--schema', path.join(root, schema), '--no-hints']),
  }
}

/** In a process of its own, so that several run side by side. */
async function runPrisma(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [prisma, ...args], {
    cwd: root,
    env: prismaEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0)
    throw new StartupError(`${output.trim()}\nMend that schema.prisma, then run: npm run generate`)
}
