import { describe, expect, test } from '@jest/globals'
import { parse } from 'graphql'
import { acceptance, acceptanceLink } from './acceptance-link.ts'
import {
  createInvitationToken,
  hashOfInvitation,
  invitationEnd,
  isInvitationToken,
} from './invitation.policy.ts'

describe('ACC-18: the link of an invitation', () => {
  test('opens a page with the mutation and what is known already', () => {
    const link = new URL(
      acceptanceLink('https://courtside.example/', acceptance({ token: 'abc', email: 'anna@example.com' })),
    )
    expect(link.origin + link.pathname).toBe('https://courtside.example/graphiql')
    expect(parse(link.searchParams.get('query') ?? '').definitions).toHaveLength(1)
    expect(JSON.parse(link.searchParams.get('variables') ?? '')).toEqual({
      input: { token: 'abc', username: '', email: 'anna@example.com', password: '' },
    })
  })

  test('survives readers that take a plus for a plus', () => {
    expect(acceptanceLink('http://localhost:4000', acceptance({ token: 'abc', email: null }))).not.toContain(
      '+',
    )
  })

  test('is good for an hour', () => {
    expect(invitationEnd(new Date('2026-11-20T12:00:00Z'))).toEqual(new Date('2026-11-20T13:00:00Z'))
  })

  test('holds a token that nobody can guess, of which only a hash is kept', () => {
    const token = createInvitationToken()
    expect(isInvitationToken(token)).toBe(true)
    expect(createInvitationToken()).not.toBe(token)
    expect(hashOfInvitation(token)).toHaveLength(32)
    expect(isInvitationToken('guess')).toBe(false)
  })
})
