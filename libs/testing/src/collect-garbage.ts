import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

let collect: (() => void) | undefined

/** A full collection, now: what is still in memory afterwards is held by somebody. */
export function collectGarbage(): void {
  collect ??= exposed()
  collect()
}

/** Contexts made after the flag is set have `gc`; jest's own was made before. */
function exposed(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}
