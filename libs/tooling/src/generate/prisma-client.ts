import { rmSync } from 'node:fs'
import path from 'node:path'
import { StartupError } from '@courtside/kernel'
import { runTool } from '../run-tool.ts'
import { root } from '../workspace.ts'
import { prismaEnvironment } from './env.ts'
import type { Output } from './freshness.ts'

/** The client that a subgraph's repositories use: the only generated code that its process loads. */
export function prismaClient(subgraph: string): Output {
  const schema = `prisma/${subgraph}/schema.prisma`
  const folder = `apps/${subgraph}/src/generated/prisma`
  return {
    name: `Prisma client of ${subgraph}`,
    inputs: [schema],
    files: [`${folder}/client.ts`, `${folder}/internal/class.ts`],
    async generate() {
      // Prisma refuses a folder in which an interrupted run has left only a part.
      rmSync(path.join(root, folder), { recursive: true, force: true })
      const args = ['generate', '--schema', path.join(root, schema), '--no-hints']
      const { code, output } = await runTool('prisma/build/index.js', args, prismaEnvironment())
      if (code !== 0) throw new StartupError(`${output}\nMend that schema.prisma, then run: npm run generate`)
    },
  }
}
