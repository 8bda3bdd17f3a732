import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { root } from './workspace.ts'

export interface ToolResult {
  code: number
  /** Standard output and error in the order they came. */
  output: string
}

const running = new Set<ChildProcess>()

/** Runs a JavaScript program of an installed package, for example `eslint/bin/eslint.js`, in a process of its own. */
export async function runTool(
  program: string,
  args: readonly string[],
  /** Default: that of this process. */
  environment?: NodeJS.ProcessEnv,
): Promise<ToolResult> {
  const child = spawn(process.execPath, [path.join(root, 'node_modules', program), ...args], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  }
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (exitCode) => resolve(exitCode ?? 1))
    })
    return { code, output: output.trim() }
  } finally {
    running.delete(child)
  }
}

/** For a command that is ended itself: what it has started must not go on. */
export function endTools(): void {
  for (const child of running) child.kill()
}
