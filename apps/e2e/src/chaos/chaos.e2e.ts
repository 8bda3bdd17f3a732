import { expect, test } from '@jest/globals'
import { describeWithRedis } from '@courtside/redis/testing'
import type { FaultName } from './faults/index.ts'
import { runChaos } from './run-chaos.ts'
import { planFaults } from './schedule/index.ts'

const LIMIT_MS = 180_000
const SEED = 20_260
/** What breaks most, in half a minute; `npm run test:chaos` has all of them. */
const FAULTS: FaultName[] = [
  'killGateway',
  'killStats',
  'killAccounts',
  'jumpClocks',
  'killPostgres',
  'killRedis',
  'unreliableBus',
  'dropAllSockets',
  'corruptedFrames',
]

describeWithRedis('The platform while its parts fail', () => {
  test(
    'keeps every acknowledged write once, and tells every reader all of it in order',
    async () => {
      const said: string[] = []
      const { violations, figures, logFile } = await runChaos({
        seed: SEED,
        plan: planFaults({ seed: SEED, only: FAULTS }),
        readers: 40,
        games: 5,
        say: (line) => said.push(line),
      })
      if (violations.length > 0) console.error([...said, `What the processes said: ${logFile}`].join('\n'))
      expect(violations).toEqual([])
      // The faults did happen, and there was something to lose.
      expect(figures.reconnects).toBeGreaterThan(40)
      expect(figures.facts).toBeGreaterThan(100)
    },
    LIMIT_MS,
  )
})
