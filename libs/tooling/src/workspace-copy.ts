import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { root } from './workspace.ts'

export interface WorkspaceCopy {
  folder: string
  write(file: string, content: string): void
  /** A file or a folder. */
  delete(file: string): void
  remove(): void
}

const NOT_COPIED = new Set(['node_modules', '.git', '.nx', '.courtside', 'coverage'])

/** A copy of the workspace for a test that breaks it. It shares the installed packages, but not its own projects. */
export function copyWorkspace(): WorkspaceCopy {
  const folder = mkdtempSync(path.join(tmpdir(), 'workspace-'))
  cpSync(root, folder, { recursive: true, filter: (source) => !NOT_COPIED.has(path.basename(source)) })
  cpSync(path.join(root, '.courtside/generated.json'), path.join(folder, '.courtside/generated.json'))
  linkPackages(folder)
  return {
    folder,
    write(file, content) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
      writeFileSync(path.join(folder, file), content)
    },
    delete: (file) => rmSync(path.join(folder, file), { recursive: true }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function linkPackages(folder: string): void {
  const packages = path.join(folder, 'node_modules')
  mkdirSync(path.join(packages, '@courtside'), { recursive: true })
  for (const name of readdirSync(path.join(root, 'node_modules'))) {
    if (name !== '@courtside') symlinkSync(path.join(root, 'node_modules', name), path.join(packages, name))
  }
  for (const name of readdirSync(path.join(root, 'node_modules/@courtside'))) {
    const kind = ['apps', 'libs'].find((candidate) => readdirSync(path.join(root, candidate)).includes(name))
    if (kind) symlinkSync(path.join(folder, kind, name), path.join(packages, '@courtside', name))
  }
}
