import type { PublicError } from '../../errors/index.ts'

/** Why a stream ends though its operation could go on. */
export const DRAINING: PublicError = {
  message: 'This gateway stops. Connect again: another one goes on.',
  extensions: { code: 'DRAINING', retryable: true },
}

export const SLOW_CONSUMER: PublicError = {
  message: 'Events came faster than you took them. Connect again, with the cursor of your last event.',
  extensions: { code: 'SLOW_CONSUMER' },
}
