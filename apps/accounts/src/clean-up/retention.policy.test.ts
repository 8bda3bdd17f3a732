import { expect, test } from '@jest/globals'
import { cutOffsAt } from './retention.policy.ts'

test('ACC-04: what has ended goes at once, what was ended by somebody stays for a month', () => {
  expect(cutOffsAt(new Date('2026-11-20T12:00:00Z'))).toEqual({
    sessionsEnded: new Date('2026-11-20T12:00:00Z'),
    sessionsRevoked: new Date('2026-10-21T12:00:00Z'),
    throttlesFailed: new Date('2026-11-19T12:00:00Z'),
    invitationsEnded: new Date('2026-11-19T12:00:00Z'),
    invitationsAccepted: new Date('2026-10-21T12:00:00Z'),
    signingKeysRetired: new Date('2026-11-20T12:00:00Z'),
    externalSessionsRevoked: new Date('2025-11-20T12:00:00Z'),
    followsSuperseded: new Date('2026-11-13T12:00:00Z'),
  })
})
