import { readEnv, urlOf } from '@courtside/config'

const VARIABLE = 'COURTSIDE_TEST_POSTGRES'

/** How the runner tells jest's workers where the test cluster is. */
export const toEnvironment = (adminUrl: string): Record<string, string> => ({ [VARIABLE]: adminUrl })

export function readAdminUrl(environment: NodeJS.ProcessEnv = process.env): string {
  return readEnv({ [VARIABLE]: urlOf('postgres') }, environment)[VARIABLE] ?? ''
}
