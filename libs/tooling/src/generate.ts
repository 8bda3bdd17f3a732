import { runCommand } from './command.ts'
import { ensureGenerated, type OutputKind, staleOutputs } from './generate/index.ts'

const ALL: OutputKind[] = ['clients', 'graph', 'types']

await runCommand(async () => {
  if (!process.argv.includes('--check')) {
    await ensureGenerated(ALL, console.log)
    console.log('All generated code is up to date.')
    return
  }
  const stale = staleOutputs(ALL)
  for (const name of stale) console.error(`Out of date: the ${name}`)
  if (stale.length === 0) return
  console.error('Mend: npm run generate')
  process.exitCode = 1
})
