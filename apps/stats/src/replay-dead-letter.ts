import { locateDatabase, locateLog } from '@courtside/database/service'
import { createStreamLog, withAfterCommit } from '@courtside/events'
import { StartupError, systemClock } from '@courtside/kernel'
import { silentLogger } from '@courtside/logger'
import { openStatsDatabase } from './db.ts'
import { environment } from './env.ts'
import { createFollowsFeed } from './follows/index.ts'

const USAGE = `Usage: npm run replay:stats -- <stream> <number>

Both as \`npm run streams -- dead-letters stats\` lists them.`

try {
  await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof StartupError)) throw error
  console.error(error.message)
  process.exitCode = 1
}

/** What the feed put aside has its effect now, or stays where it is. */
async function main([stream, number, ...rest]: string[]): Promise<void> {
  if (stream === undefined || number === undefined || !/^\d{1,15}$/.test(number) || rest.length > 0) {
    throw new StartupError(USAGE)
  }
  const databaseUrl = await locateDatabase('stats', environment)
  const database = withAfterCommit(openStatsDatabase(databaseUrl, silentLogger), silentLogger)
  const follows = createFollowsFeed({
    database,
    databaseUrl,
    accountsLogUrl: await locateLog('accounts', environment),
    // Announced to nobody: readers find it by looking, within the second.
    streams: createStreamLog({ db: database }),
    clock: systemClock,
    log: silentLogger,
  })
  try {
    const replayed = await follows.replay({ stream, seq: Number(number) }).catch((error: unknown) => {
      throw new StartupError(`It failed again, and stays in the list: ${String(error)}`)
    })
    if (!replayed) throw new StartupError(`The fact ${number} of ${stream} is not in the list (any more).`)
    console.log(`The fact ${number} of ${stream} was applied, and has left the list.`)
  } finally {
    await follows.stop()
    await database.close()
  }
}
