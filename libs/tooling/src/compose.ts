import { runCommand } from './command.ts'
import { API_SCHEMA, composeFiles, writeGraph } from './compose/index.ts'
import { readIfThere } from './workspace-files.ts'

await runCommand(async () => {
  if (!process.argv.includes('--check')) {
    const { files, hints } = await writeGraph()
    for (const hint of hints) console.warn(`Hint:\n${hint}`)
    console.log(`Composed ${Object.keys(files).join(' and ')}.`)
    return
  }
  const { files } = await composeFiles()
  if (readIfThere(API_SCHEMA) === files[API_SCHEMA]) return
  console.error(`${API_SCHEMA} is not what the subgraphs compose to.\nMend: npm run compose`)
  process.exitCode = 1
})
