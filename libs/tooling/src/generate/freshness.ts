import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { privateFile, root } from '../workspace.ts'

/** Something generated, and all that it depends on. Paths are relative to the workspace. */
export interface Output {
  /** Names it in progress lines and in the record. */
  name: string
  /** Files and patterns of files. */
  inputs: string[]
  /** Files. Each of them must be as it was generated. */
  files: string[]
  generate(): Promise<void>
}

/** The tools and the code that drives them. */
const COMMON_INPUTS = ['package-lock.json', 'libs/tooling/src/{generate,compose}/*.ts']

interface Fingerprints {
  inputs: string
  files: string
}

type Generated = { [output: string]: Fingerprints }

const recordFile = privateFile('generated.json')

/** Those of the outputs whose inputs or files have changed since they were generated. */
export function staleAmong(outputs: readonly Output[]): Output[] {
  const record = readRecord()
  return outputs.filter((output) => {
    const known = record[output.name]
    return known?.inputs !== inputsOf(output) || known.files !== filesOf(output)
  })
}

/** Generates the output, and remembers from what. */
export async function refresh(output: Output): Promise<void> {
  // Taken before: what changes meanwhile makes the output stale again.
  const inputs = inputsOf(output)
  await output.generate()
  const record: Generated = { ...readRecord(), [output.name]: { inputs, files: filesOf(output) } }
  mkdirSync(path.dirname(recordFile), { recursive: true })
  writeFileSync(recordFile, JSON.stringify(record, null, 2))
}

function readRecord(): Generated {
  return existsSync(recordFile) ? (JSON.parse(readFileSync(recordFile, 'utf8')) as Generated) : {}
}

const inputsOf = ({ inputs }: Output) =>
  fingerprint(globSync([...COMMON_INPUTS, ...inputs], { cwd: root, exclude: ['**/generated/**'] }).sort())

const filesOf = ({ files }: Output) => fingerprint(files)

function fingerprint(files: readonly string[]): string {
  const hash = createHash('sha256')
  for (const file of files) {
    const absolute = path.join(root, file)
    hash.update(`\0${file}\0`).update(existsSync(absolute) ? readFileSync(absolute) : 'missing')
  }
  return hash.digest('hex')
}
