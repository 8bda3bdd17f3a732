import { cpus } from 'node:os'
import { median } from '../median.ts'
import { copyInstalledTree } from './installed-tree.ts'
import { startTree } from './start-tree.ts'

export interface StartFigures {
  firstStartMs: number
  warmStartMs: number
  rssMb: number
}

/** Measured on a copy, so that the developer's own data and generated code stay as they are. */
export async function measureStart(rounds: number, say: (line: string) => void): Promise<StartFigures> {
  say(`Copying the installed tree … (${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'})`)
  const tree = await copyInstalledTree()
  try {
    const first = await startTree(tree.directory)
    const firstRssMb = await first.idleRssMb()
    await first.stop()
    say(
      `First start: ${first.readyMs} ms, ${firstRssMb} MB resident; the tree had no data and no generated code`,
    )

    const warm: { readyMs: number; rssMb: number }[] = []
    for (let round = 1; round <= rounds; round++) {
      const started = await startTree(tree.directory)
      const rssMb = await started.idleRssMb()
      await started.stop()
      warm.push({ readyMs: started.readyMs, rssMb })
      say(`Later start ${round} of ${rounds}: ${started.readyMs} ms, ${rssMb} MB resident`)
    }
    const figures = {
      firstStartMs: first.readyMs,
      warmStartMs: median(warm.map(({ readyMs }) => readyMs)),
      // The worst of all, as it is compared with a limit.
      rssMb: Math.max(firstRssMb, ...warm.map(({ rssMb }) => rssMb)),
    }
    say(`Median of later starts: ${figures.warmStartMs} ms; at most ${figures.rssMb} MB resident when idle`)
    return figures
  } finally {
    await tree.remove()
  }
}
