import { parseArgs } from 'node:util'
import { locateDatabase } from '@courtside/database/service'
import { StartupError, systemClock } from '@courtside/kernel'
import { silentLogger } from '@courtside/logger'
import { openAccountsDatabase } from './db.ts'
import { environment, readBootstrapEnv } from './env.ts'
import { acceptance, acceptanceLink, inviteFirstAdmin } from './invitations/index.ts'
import { accountEmail } from './users/index.ts'

const USAGE = 'Usage: npm run bootstrap-admin [-- --email anna@example.com]'

const ADMIN_EXISTS = `There is an admin already, so no link is made.
An admin makes others with the mutation grantRole. If none of them can sign in any more, switch their accounts off in
the database (UPDATE users SET is_active = false …, as a superuser) and run this again.`

try {
  await main()
} catch (error) {
  if (!(error instanceof StartupError)) throw error
  console.error(error.message)
  process.exitCode = 1
}

async function main(): Promise<void> {
  const email = readEmail()
  const { PUBLIC_URL } = readBootstrapEnv(environment)
  const db = openAccountsDatabase(await locateDatabase('accounts', environment), silentLogger)
  try {
    const invitation = await inviteFirstAdmin({ db, clock: systemClock }, { email })
    if (!invitation) throw new StartupError(ADMIN_EXISTS)
    if (invitation.withdrawn > 0) console.log('The link from before does not work any more.\n')
    const accepting = acceptance({ token: invitation.token, email })
    console.log('Open this link within an hour, fill in the variables and run it. It works once.\n')
    console.log(acceptanceLink(PUBLIC_URL, accepting))
    console.log('\nProduction serves no such page. There, send this to /graphql with any client:\n')
    console.log(`${accepting.query}\n\nVariables:\n\n${accepting.variables}`)
  } finally {
    await db.close()
  }
}

function readEmail(): string | null {
  let email: string | undefined
  try {
    email = parseArgs({ options: { email: { type: 'string' } } }).values.email
  } catch (error) {
    throw new StartupError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`)
  }
  if (email === undefined) return null
  const checked = accountEmail().safeParse(email)
  if (!checked.success) throw new StartupError(`${email} is not an e-mail address.\n${USAGE}`)
  return checked.data
}
