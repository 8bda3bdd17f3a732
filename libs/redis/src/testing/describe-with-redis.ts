import { afterAll, beforeAll, describe } from '@jest/globals'
import { mustTestAll } from './env.ts'
import { startTestRedis, type TestRedis, whyNoRedis } from './redis-server.ts'

/** Tests on a Redis of their own. Where there is none they are skipped under a title that says so; in CI they fail. */
export function describeWithRedis(title: string, tests: (redis: () => TestRedis) => void): void {
  const missing = whyNoRedis()
  const block = missing === null || mustTestAll ? describe : describe.skip
  block(missing === null ? title : `${title} (${missing})`, () => {
    let redis: TestRedis | undefined
    const started = () => {
      if (!redis) throw new Error('Redis is started before the tests of a block, not before the block')
      return redis
    }
    beforeAll(async () => {
      if (missing !== null) throw new Error(missing)
      redis = await startTestRedis()
    })
    afterAll(() => redis?.stop())
    tests(started)
  })
}
