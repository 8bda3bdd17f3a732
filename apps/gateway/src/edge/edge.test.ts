import { collectGarbage } from '@courtside/testing'
import { describe, expect, test } from '@jest/globals'
import { clientAddressOf } from './client-address.ts'
import { originsAllowed } from './cors.ts'
import { assertDeliberate } from './graphql-params.ts'
import { acceptedBy, wantsPage } from './media-type.ts'
import { requestIdOf } from './request-id.ts'

const list = ['https://app.example', 'https://tv.example:8443']

describe('the origins whose pages may read answers', () => {
  test.each<[string, { list?: string[]; production: boolean }, boolean]>([
    ['https://app.example', { list, production: true }, true],
    ['https://tv.example:8443', { list, production: true }, true],
    ['https://tv.example', { list, production: true }, false],
    ['http://app.example', { list, production: true }, false],
    ['https://app.example.evil.example', { list, production: true }, false],
    ['https://evil-app.example', { list, production: true }, false],
    ['https://app.example/', { list, production: true }, false],
    ['HTTPS://APP.EXAMPLE', { list, production: true }, false],
    ['null', { list: [...list, 'null'], production: true }, false],
    ['*', { list, production: true }, false],
    ['https://app.example', { production: true }, false],
    ['http://localhost:3000', { production: true }, false],
    ['http://localhost:3000', { list, production: false }, false],
    ['http://localhost:3000', { production: false }, true],
    ['http://localhost', { production: false }, true],
    ['http://127.0.0.1:5173', { production: false }, true],
    ['http://[::1]:5173', { production: false }, true],
    ['https://studio.apollographql.com', { production: false }, true],
    ['https://sandbox.embed.apollographql.com', { production: false }, true],
    ['http://studio.apollographql.com', { production: false }, false],
    ['http://localhost.evil.example', { production: false }, false],
    ['http://localhost:3000.evil.example', { production: false }, false],
    ['http://evil.example/?http://localhost', { production: false }, false],
    ['null', { production: false }, false],
  ])('%s with %o: %s', (origin, { list: listed, production }, allowed) => {
    expect(originsAllowed(listed, production)(origin)).toBe(allowed)
  })
})

describe('a request that a stranger page could send', () => {
  const json = { 'content-type': 'application/json' }
  test.each<[string, string, Record<string, string>, string | null]>([
    ['JSON', 'POST', json, null],
    ['JSON that says it is UTF-8', 'POST', { 'content-type': 'application/json; charset=UTF-8' }, null],
    ['a form', 'POST', { 'content-type': 'application/x-www-form-urlencoded' }, 'UNSUPPORTED_MEDIA_TYPE'],
    ['an upload', 'POST', { 'content-type': 'multipart/form-data; boundary=x' }, 'UNSUPPORTED_MEDIA_TYPE'],
    ['text', 'POST', { 'content-type': 'text/plain' }, 'UNSUPPORTED_MEDIA_TYPE'],
    [
      'text that mentions JSON',
      'POST',
      { 'content-type': 'text/plain; application/json' },
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['no type', 'POST', {}, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a document by itself', 'POST', { 'content-type': 'application/graphql' }, 'UNSUPPORTED_MEDIA_TYPE'],
    ['UTF-16', 'POST', { 'content-type': 'application/json; charset=utf-16' }, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a compressed body', 'POST', { ...json, 'content-encoding': 'gzip' }, 'UNSUPPORTED_MEDIA_TYPE'],
    [
      'a form with a good header',
      'POST',
      { 'content-type': 'text/plain', 'apollo-require-preflight': '1' },
      'UNSUPPORTED_MEDIA_TYPE',
    ],

    ['a link', 'GET', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }, 'CSRF_PREVENTED'],
    ['an image', 'GET', { accept: 'image/avif,image/webp,*/*' }, 'CSRF_PREVENTED'],
    ['a script of a page', 'GET', { accept: '*/*', 'sec-fetch-mode': 'no-cors' }, 'CSRF_PREVENTED'],
    ['a frame', 'GET', { 'sec-fetch-mode': 'navigate' }, 'CSRF_PREVENTED'],
    ['curl', 'GET', { accept: '*/*' }, null],
    ['a fetch of Node', 'GET', { accept: '*/*', 'sec-fetch-mode': 'cors' }, null],
    ['a fetch for JSON', 'GET', { accept: 'application/json' }, null],
    ['nothing at all', 'GET', {}, null],
    [
      'urql',
      'GET',
      {
        accept:
          'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed',
      },
      null,
    ],
    [
      'Apollo Client',
      'GET',
      {
        accept: 'application/graphql-response+json,application/json;q=0.9',
        'apollo-require-preflight': 'true',
      },
      null,
    ],
    ['an EventSource', 'GET', { accept: 'text/event-stream', 'sec-fetch-mode': 'cors' }, null],
    ['an EventSource of an old browser', 'GET', { accept: 'text/event-stream' }, null],
    [
      'parts that are no subscription',
      'GET',
      { accept: 'multipart/mixed', 'sec-fetch-mode': 'no-cors' },
      'CSRF_PREVENTED',
    ],
    ['a preflight header', 'GET', { 'x-apollo-operation-name': 'Q' }, null],
    ['a credential', 'GET', { authorization: 'Bearer x' }, null],

    ['HEAD', 'HEAD', {}, 'METHOD_NOT_ALLOWED'],
    ['PUT', 'PUT', json, 'METHOD_NOT_ALLOWED'],
    ['DELETE', 'DELETE', json, 'METHOD_NOT_ALLOWED'],
  ])('%s by %s', (_, method, headers, code) => {
    const refused = () => assertDeliberate({ method, headers })
    if (code === null) expect(refused).not.toThrow()
    else expect(refused).toThrow(expect.objectContaining({ code }))
  })
})

describe('the type of an answer', () => {
  const response = 'application/graphql-response+json'
  test.each<[string | undefined, string | null]>([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['application/*', 'application/json'],
    ['application/json', 'application/json'],
    [response, response],
    [`${response}, application/json;q=0.9`, response],
    [`${response};q=0.5, application/json`, 'application/json'],
    [`${response};q=0, application/json`, 'application/json'],
    ['application/json, */*;q=0.1', 'application/json'],
    [`${response}; charset=utf-8, multipart/mixed`, response],
    ['text/html', null],
    ['application/json;q=0', null],
    ['text/html, application/json;q=0, */*;q=0', null],
    ['nonsense', null],
  ])('for Accept %j is %j', (accept, type) => {
    expect(acceptedBy(accept).mediaType).toBe(type)
  })

  test.each<[string | undefined, string | null]>([
    [undefined, null],
    ['*/*', null],
    ['application/json', null],
    ['text/event-stream', 'text/event-stream'],
    ['TEXT/EVENT-STREAM', 'text/event-stream'],
    ['text/event-stream;q=0', null],
    ['multipart/mixed', null],
    ['multipart/mixed;deferSpec=20220824', null],
    ['multipart/mixed;subscriptionSpec=1.0', 'multipart/mixed'],
    ['multipart/mixed;boundary=graphql;subscriptionSpec=1.0, application/json', 'multipart/mixed'],
    ['multipart/mixed;subscriptionSpec=1.0, text/event-stream', 'multipart/mixed'],
    ['multipart/mixed;subscriptionSpec=1.0;q=0.4, text/event-stream;q=0.5', 'text/event-stream'],
  ])('of many for Accept %j is %j', (accept, type) => {
    expect(acceptedBy(accept).streamType).toBe(type)
  })

  test('is a page for a browser only', () => {
    expect(wantsPage('text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8')).toBe(true)
    expect(wantsPage('*/*')).toBe(false)
    expect(wantsPage(undefined)).toBe(false)
  })
})

describe('the address of a client', () => {
  test.each<[string, string | undefined, boolean, string]>([
    ['192.0.2.1', undefined, false, '192.0.2.1'],
    ['::ffff:192.0.2.1', undefined, false, '192.0.2.1'],
    ['192.0.2.1', '203.0.113.9', false, '192.0.2.1'],
    ['192.0.2.1', '203.0.113.9', true, '203.0.113.9'],
    ['192.0.2.1', '1.1.1.1, 203.0.113.9', true, '203.0.113.9'],
    ['192.0.2.1', '203.0.113.9, ', true, '192.0.2.1'],
    ['192.0.2.1', '203.0.113.9:4711', true, '203.0.113.9'],
    ['192.0.2.1', '[2001:db8::1]:4711', true, '2001:db8::1'],
    ['192.0.2.1', 'fe80::1%eth0', true, 'fe80::1'],
    ['192.0.2.1', 'localhost', true, '192.0.2.1'],
    ['192.0.2.1', undefined, true, '192.0.2.1'],
  ])('%s with X-Forwarded-For %j, proxy trusted %s: %s', (remoteAddress, forwarded, trusted, address) => {
    const request = { socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }
    expect(clientAddressOf(request, trusted)).toBe(address)
  })
})

describe('the id of a request', () => {
  test.each(['4b1c2d3e-0000-4000-8000-123456789abc', 'trace.12345678', 'A1_b2-c3'])('%s is kept', (id) => {
    expect(requestIdOf(id)).toBe(id)
  })

  test.each([
    undefined,
    '',
    'short',
    'x'.repeat(65),
    'with space 123',
    'line\nbreak-123',
    '../../etc/passwd',
    ['a', 'b'],
  ])('%j is replaced', (id) => {
    expect(requestIdOf(id)).toMatch(/^[0-9a-f-]{36}$/)
  })
  test('takes no more memory than its letters need', () => {
    const held = () => {
      collectGarbage()
      return process.memoryUsage().heapUsed
    }
    const before = held()
    const ids = Array.from({ length: 10_000 }, () => requestIdOf(undefined))
    expect((held() - before) / ids.length).toBeLessThan(150)
    expect(new Set(ids).size).toBe(10_000)
  })
})
