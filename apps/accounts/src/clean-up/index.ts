import { createCleanUp, type CleanUpDependencies } from './clean-up.ts'
import { type Repeated, repeatHourly } from './repeat-hourly.ts'

/** ACC-04: removes sessions, counts of failed sign-ins, invitations and keys that have ended, every hour. */
export function startCleanUp(dependencies: CleanUpDependencies): Repeated {
  return repeatHourly(createCleanUp(dependencies), { log: dependencies.log })
}
