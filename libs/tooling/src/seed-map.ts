import { runCommand } from './command.ts'
import { SEED_MAP, seedMap } from './seed-map/index.ts'
import { writeIfChanged } from './workspace-files.ts'

await runCommand(async () => {
  const { text, faults } = seedMap()
  writeIfChanged(SEED_MAP, text)
  console.log(`Wrote ${SEED_MAP}.`)
  for (const fault of faults) console.error(fault)
  if (faults.length > 0) process.exitCode = 1
})
