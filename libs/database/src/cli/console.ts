import { createInterface } from 'node:readline'

/** Where the tool speaks and asks; an argument, so that tests can listen and answer. */
export interface Console {
  /** The result: one line a subgraph. */
  say(text: string): void
  /** What is going on, and what to mind. */
  note(text: string): void
  /** Undefined when nobody is there to answer. */
  ask(question: string): Promise<string | undefined>
}

export const terminal: Console = {
  say: (text) => void process.stdout.write(`${text}\n`),
  note: (text) => void process.stderr.write(`${text}\n`),
  async ask(question) {
    if (!process.stdin.isTTY || !process.stdout.isTTY) return undefined
    const prompt = createInterface({ input: process.stdin, output: process.stdout })
    return new Promise((resolve) => {
      prompt.once('close', () => resolve('')) // Ctrl-C and Ctrl-D are answers too.
      prompt.question(question, (answer) => {
        resolve(answer)
        prompt.close()
      })
    })
  },
}

const QUIET_MS = 2_000

/** Says what takes its time once it has taken two seconds, and again every ten. */
export async function withProgress<T>(output: Console, what: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now()
  const tell = () => output.note(`${what}… (${Math.round((performance.now() - began) / 1000)} s)`)
  let repeat: NodeJS.Timeout | undefined
  const first = setTimeout(() => {
    tell()
    repeat = setInterval(tell, 10_000)
  }, QUIET_MS)
  try {
    return await work()
  } finally {
    clearTimeout(first)
    clearInterval(repeat)
  }
}
