import { describe, expect, test } from '@jest/globals'
import { credentialIn } from './credential.ts'

const key = `csn_live_${'k'.repeat(40)}`
const headers = (authorization?: string, apiKey?: string) => ({ authorization, 'x-api-key': apiKey })

describe('the credential of a request', () => {
  test.each([
    [headers(), null],
    [headers('Bearer abc.def.ghi'), { kind: 'token', token: 'abc.def.ghi' }],
    [headers('bearer   abc.def.ghi '), { kind: 'token', token: 'abc.def.ghi' }],
    [headers(`Bearer ${key}`), { kind: 'api-key', key }],
    [headers(undefined, key), { kind: 'api-key', key }],
  ])('%j is %j', (given, credential) => {
    expect(credentialIn(given)).toEqual(credential)
  })

  test.each([
    headers(''),
    headers('Bearer'),
    headers('Bearer '),
    headers('Bearer a b'),
    headers('Basic YWRtaW46YWRtaW4='),
    headers('abc.def.ghi'),
    headers(undefined, ''),
    headers(undefined, 'sk_live_123456789'),
    headers(undefined, `${key} `.repeat(2)),
    headers('Bearer csn_live_short'),
    headers('Bearer abc.def.ghi', key),
  ])('%j is refused, not taken for none', (given) => {
    expect(() => credentialIn(given)).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }))
  })

  test('is never repeated in the refusal', () => {
    expect(() => credentialIn(headers('Basic c2VjcmV0'))).not.toThrow(/c2VjcmV0/)
  })
})
