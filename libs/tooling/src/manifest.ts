import path from 'node:path'
import { parseArgs } from 'node:util'
import { StartupError } from '@courtside/kernel'
import { runCommand } from './command.ts'
import { DEFAULT_DOCUMENTS, MANIFEST, manifestOf } from './manifest/index.ts'
import { readIfThere, writeIfChanged } from './workspace-files.ts'
import { root } from './workspace.ts'

const USAGE = `Usage: npm run manifest -- [--documents <file, folder or glob>]… [--out ${MANIFEST}] [--check]`

await runCommand(async () => {
  const { documents, out, check, help } = readArguments()
  if (help) return void console.log(USAGE)
  const file = path.relative(root, path.resolve(root, out))
  const content = await manifestOf(documents)
  if (!check) {
    const done = writeIfChanged(file, content) ? 'Wrote' : 'Nothing has changed in'
    console.log(`${done} ${file}.`)
    return
  }
  if (readIfThere(file) === content) return
  const options = process.argv.slice(2).filter((argument) => argument !== '--check')
  const command = ['npm run manifest', ...(options.length > 0 ? ['--', ...options] : [])].join(' ')
  console.error(`${file} does not list the operations as they are.\nMend: ${command}`)
  process.exitCode = 1
})

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        documents: { type: 'string', multiple: true, default: [...DEFAULT_DOCUMENTS] },
        out: { type: 'string', default: MANIFEST },
        check: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    return values
  } catch (error) {
    throw new StartupError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`)
  }
}
