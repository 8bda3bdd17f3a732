import { databases } from './databases.ts'
import { envExample } from './env-example.ts'
import { format } from './format.ts'
import { graph } from './graph.ts'
import { lint } from './lint.ts'
import { lockFile } from './lock-file.ts'
import { manifest } from './manifest.ts'
import { markers } from './markers.ts'
import { schema } from './schema.ts'
import { seedMapStep } from './seed-map.ts'
import type { Step } from './step.ts'
import { types } from './types.ts'

/** Everything that must hold besides the tests. The longest comes first, so that the others run beside it. */
export const STEPS: Step[] = [
  lint,
  types,
  schema,
  graph,
  manifest,
  databases,
  format,
  seedMapStep,
  envExample,
  lockFile,
  markers,
]
