// Gives every project the targets `lint`, `typecheck` and `test`, so that none of them has to be written down sixteen
// times. For `nx affected -t …`; `npm test` and `npm run check` do the same for all projects at once, and faster.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const BOOTSTRAP = 'node libs/tooling/bootstrap.mjs'

export const createNodesV2 = [
  '{apps,libs}/*/package.json',
  (files, _options, { workspaceRoot }) =>
    files.map((file) => {
      const root = path.dirname(file)
      // nx itself reads this part for workspaces only, and the benchmarks are none.
      const { nx } = JSON.parse(readFileSync(path.join(workspaceRoot, file), 'utf8'))
      return [file, { projects: { [root]: { ...nx, targets: targetsOf(root, workspaceRoot) } } }]
    }),
]

function targetsOf(root, workspaceRoot) {
  const hasTests = sourcesOf(path.join(workspaceRoot, root)).some((file) =>
    /\.(test|contract|e2e)\.ts$/.test(file),
  )
  return {
    lint: { command: `${BOOTSTRAP} libs/tooling/src/check.ts --only lint ${root}` },
    typecheck: { command: `${BOOTSTRAP} libs/tooling/src/typecheck.ts ${root}` },
    // Each starts a Postgres of its own and uses all cores.
    ...(hasTests && {
      test: { command: `${BOOTSTRAP} libs/testing/src/run.ts ^${root}/`, parallelism: false },
    }),
  }
}

function sourcesOf(project) {
  const folder = path.join(project, 'src')
  return existsSync(folder) ? readdirSync(folder, { recursive: true }) : []
}
