import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { root } from './workspace.ts'

/** The content of a file of the workspace. */
export function readIfThere(file: string): string | undefined {
  const absolute = path.join(root, file)
  return existsSync(absolute) ? readFileSync(absolute, 'utf8') : undefined
}

/** Replaces a file of the workspace at once, since a running program may be about to read it. Says whether it changed. */
export function writeIfChanged(file: string, content: string): boolean {
  if (readIfThere(file) === content) return false
  const absolute = path.join(root, file)
  const draft = `${absolute}.${process.pid}`
  mkdirSync(path.dirname(absolute), { recursive: true })
  writeFileSync(draft, content)
  renameSync(draft, absolute)
  return true
}
