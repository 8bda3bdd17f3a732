// The process that `handOver` starts in the Node that npm installed.
import { endWithChannel } from './leash.mjs'
import { runTarget } from './run-target.mjs'

const [root, target, ...args] = process.argv.slice(2)
endWithChannel()
await runTarget(root, target, args)
