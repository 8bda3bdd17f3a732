import { StartupError } from '@courtside/kernel'
import { type DatabaseRole, roleName } from '../embedded/index.ts'
import {
  adminVariable,
  appVariable,
  type ExternalDatabase,
  logReaderVariable,
  ownerVariable,
} from '../env.ts'
import { databaseOf, prepareDatabase, type Subgraph } from '../migrate/index.ts'

/**
 * The subgraph's database and roles on a server of the operator's own, as on an embedded one: with the names and
 * passwords of the addresses that the processes are given. A new password in an address is the role's from then on.
 */
export async function provision(
  { name, database: owned }: Subgraph,
  { appUrl, ownerUrl, logReaderUrl }: ExternalDatabase,
  adminUrl: string,
): Promise<void> {
  const database = databaseOf(ownerUrl)
  const passwordIn = (role: DatabaseRole, variable: string, url: string) => {
    const { username, password } = new URL(url)
    if (username === roleName(role, owned) && password !== '' && databaseOf(url) === database) {
      return decodeURIComponent(password)
    }
    throw new StartupError(
      `${variable} does not log in to ${database} as ${roleName(role, owned)} with a password, which is what ` +
        `${adminVariable(name)} would make.\nCorrect that address, or leave ${adminVariable(name)} out and make the roles yourself.`,
    )
  }
  await prepareDatabase(adminUrl, owned, {
    database,
    ownerPassword: passwordIn('owner', ownerVariable(name), ownerUrl),
    appPassword: passwordIn('app', appVariable(name), appUrl),
    ...(logReaderUrl !== undefined && {
      logReaderPassword: passwordIn('log_reader', logReaderVariable(name), logReaderUrl),
    }),
  })
}
