import { randomUUID } from 'node:crypto'

const SANE = /^[A-Za-z0-9][A-Za-z0-9._-]{7,63}$/

/** The id under which a request is found in the logs: the client's own, if it is one, so that both sides can look. */
export function requestIdOf(given: string | string[] | undefined): string {
  return typeof given === 'string' && SANE.test(given) ? given : createId()
}

/** Node puts an id together of some twenty strings, all of which a connection would keep with it. */
function createId(): string {
  return Buffer.from(randomUUID(), 'latin1').toString('latin1')
}
