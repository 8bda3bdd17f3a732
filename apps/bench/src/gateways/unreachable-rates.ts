const NEVER_REACHED = 1_000_000_000_000

/** Every request is counted against them, as in production, and none is refused. */
export const UNREACHABLE_RATES = {
  requestsPerMinute: {
    address: NEVER_REACHED,
    person: NEVER_REACHED,
    partner: NEVER_REACHED,
    refusedCredentials: NEVER_REACHED,
  },
  costPerMinute: { address: NEVER_REACHED, person: NEVER_REACHED, partner: NEVER_REACHED },
}

/** All subscribers of a measurement come from this machine, and none of them has signed in. */
export const UNREACHABLE_SOCKETS = {
  connections: {
    process: NEVER_REACHED,
    address: NEVER_REACHED,
    person: NEVER_REACHED,
    partner: NEVER_REACHED,
  },
  handshakesPerMinute: NEVER_REACHED,
}
