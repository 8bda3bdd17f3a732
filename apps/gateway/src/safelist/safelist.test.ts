import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { isDomainError, StartupError } from '@courtside/kernel'
import { RequestRefusal } from '../errors/index.ts'
import {
  createPersistedDocuments,
  createSafelist,
  type DocumentRequest,
  loadManifest,
  type OperationManifest,
  type SafelistMode,
} from './index.ts'

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

const LISTED = 'query Listed { game { title } }'
const OTHER = 'query Other { games { title } }'
const UNLISTED = '{ everything }'

const entry = (name: string, body: string) => ({ id: hashOf(body), name, type: 'query' as const, body })
const manifest: OperationManifest = { operations: [entry('Listed', LISTED), entry('Other', OTHER)] }

const asText = (text: string): DocumentRequest => ({ query: text, extensions: {} })
const asApq = (text: string): DocumentRequest => ({
  query: null,
  extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(text) } },
})
const asDocumentId = (text: string): DocumentRequest => ({
  query: null,
  documentId: `sha256:${hashOf(text)}`,
  extensions: {},
})
const asId = (text: string): DocumentRequest => ({ query: null, id: hashOf(text), extensions: {} })

const WAYS = { text: asText, apq: asApq, documentId: asDocumentId, id: asId }

/** What becomes of a request: the text that runs, or the code of the refusal. */
function outcome(mode: SafelistMode, request: DocumentRequest, allowed: readonly string[] | null): string {
  const safelist = createSafelist(manifest, mode)
  try {
    const document = createPersistedDocuments(safelist).resolve(request)
    safelist.assertListed(document, allowed)
    return document.text
  } catch (error) {
    if (error instanceof RequestRefusal) return error.code
    if (isDomainError(error)) return error.code
    throw error
  }
}

describe('what runs', () => {
  const callers: Record<string, readonly string[] | null> = {
    'a stranger, a person, or a key that is free': null,
    'a key for the operation': [hashOf(LISTED), hashOf(UNLISTED)],
    'a key for another one': [hashOf(OTHER)],
  }
  const NO = 'OPERATION_NOT_LISTED'
  const UNKNOWN = 'PERSISTED_QUERY_NOT_FOUND'
  const [free, bound, other] = Object.keys(callers) as [string, string, string]

  test.each<[SafelistMode, string, 'listed' | 'unlisted', keyof typeof WAYS, string]>([
    ['off', free, 'listed', 'text', LISTED],
    ['off', free, 'listed', 'apq', LISTED],
    ['off', free, 'listed', 'documentId', LISTED],
    ['off', free, 'listed', 'id', LISTED],
    ['off', free, 'unlisted', 'text', UNLISTED],
    ['off', free, 'unlisted', 'apq', UNKNOWN],
    ['off', free, 'unlisted', 'documentId', UNKNOWN],
    ['off', free, 'unlisted', 'id', UNKNOWN],
    ['off', bound, 'listed', 'text', LISTED],
    ['off', bound, 'listed', 'apq', LISTED],
    ['off', bound, 'listed', 'documentId', LISTED],
    ['off', bound, 'unlisted', 'text', UNLISTED],
    ['off', bound, 'unlisted', 'documentId', UNKNOWN],
    ['off', other, 'listed', 'text', NO],
    ['off', other, 'listed', 'apq', NO],
    ['off', other, 'listed', 'documentId', NO],
    ['off', other, 'listed', 'id', NO],
    ['off', other, 'unlisted', 'text', NO],
    ['off', other, 'unlisted', 'apq', UNKNOWN],
    ['required', free, 'listed', 'text', LISTED],
    ['required', free, 'listed', 'apq', LISTED],
    ['required', free, 'listed', 'documentId', LISTED],
    ['required', free, 'listed', 'id', LISTED],
    ['required', free, 'unlisted', 'text', NO],
    ['required', free, 'unlisted', 'apq', UNKNOWN],
    ['required', free, 'unlisted', 'documentId', UNKNOWN],
    ['required', free, 'unlisted', 'id', UNKNOWN],
    ['required', bound, 'listed', 'text', LISTED],
    ['required', bound, 'listed', 'documentId', LISTED],
    // That a key is bound to it does not put it on the list.
    ['required', bound, 'unlisted', 'text', NO],
    ['required', other, 'listed', 'text', NO],
    ['required', other, 'listed', 'apq', NO],
    ['required', other, 'listed', 'documentId', NO],
    ['required', other, 'unlisted', 'text', NO],
  ])('with the list %s, for %s, what is %s, by %s: %s', (mode, who, listed, way, expected) => {
    const text = listed === 'listed' ? LISTED : UNLISTED
    expect(outcome(mode, WAYS[way](text), callers[who] ?? null)).toBe(expected)
  })

  test.each([`${LISTED}\n`, LISTED.replaceAll(' {', '{'), `# comment\n${LISTED}`])(
    'is the text that was listed, to the letter: not %j',
    (text) => {
      expect(outcome('required', asText(text), null)).toBe(NO)
    },
  )

  test('is nothing for a key that is bound to nothing', () => {
    expect(outcome('off', asText(LISTED), [])).toBe(NO)
  })

  test('is refused as forbidden, with what to do', () => {
    const safelist = createSafelist(manifest, 'required')
    expect(() => safelist.assertListed({ text: UNLISTED, hash: null }, null)).toThrow(
      expect.objectContaining({
        kind: 'forbidden',
        message: expect.stringContaining('Send one of them, by its id or with exactly its text.'),
      }),
    )
  })

  test('cannot be decided without a list', () => {
    expect(() => createSafelist(null, 'required')).toThrow(StartupError)
    expect(() => createSafelist(null, 'off')).not.toThrow()
  })
})

describe('a document by its hash', () => {
  const open = () => createPersistedDocuments(createSafelist(manifest, 'off'))
  const refusal = (code: string) => expect.objectContaining({ code })

  test.each([asApq, asDocumentId, asId])(
    'is asked for in full the first time, and known from then on, whichever way it is named (%#)',
    (named) => {
      const documents = open()
      expect(() => documents.resolve(named(UNLISTED))).toThrow(
        expect.objectContaining({
          status: 200,
          code: 'PERSISTED_QUERY_NOT_FOUND',
          message: 'PersistedQueryNotFound',
        }),
      )
      const { extensions, documentId = `sha256:${hashOf(UNLISTED)}` } = named(UNLISTED)
      const full = documents.resolve({ query: UNLISTED, documentId, extensions })
      expect(full).toEqual({ text: UNLISTED, hash: hashOf(UNLISTED) })
      expect(() => documents.resolve(named(UNLISTED))).toThrow(refusal('PERSISTED_QUERY_NOT_FOUND'))
      documents.remember(full)
      for (const way of [asApq, asDocumentId, asId]) expect(documents.resolve(way(UNLISTED))).toEqual(full)
    },
  )

  test('is not one for another text, listed or not', () => {
    const documents = open()
    for (const text of [LISTED, UNLISTED]) {
      const request = { ...asApq(text), query: '{ other }' }
      expect(() => documents.resolve(request)).toThrow(refusal('PERSISTED_QUERY_HASH_MISMATCH'))
    }
  })

  test('may be sent in both forms, if they agree', () => {
    const documents = open()
    const both = { ...asApq(LISTED), documentId: hashOf(LISTED) }
    expect(documents.resolve(both).text).toBe(LISTED)
    expect(() => documents.resolve({ ...both, documentId: hashOf(OTHER) })).toThrow(refusal('BAD_REQUEST'))
  })

  test('is not looked for in the number that a client gives its request', () => {
    const request = { query: UNLISTED, id: 7, extensions: {} }
    expect(open().resolve(request)).toEqual({ text: UNLISTED, hash: null })
  })

  test.each([
    { persistedQuery: { version: 2, sha256Hash: hashOf(LISTED) } },
    { persistedQuery: { version: 1 } },
    { persistedQuery: { version: 1, sha256Hash: '../../etc/passwd' } },
    { persistedQuery: 'x' },
    { persistedQuery: [] },
  ])('is refused for the extensions %j', (extensions) => {
    expect(() => open().resolve({ query: LISTED, extensions })).toThrow(refusal('BAD_REQUEST'))
  })

  test.each([
    7,
    {},
    [hashOf(LISTED)],
    '',
    'Listed',
    `md5:${hashOf(LISTED)}`,
    `sha256:${hashOf(LISTED)}\n`,
    hashOf(LISTED).toUpperCase(),
  ])('is refused for the id %j', (documentId) => {
    expect(() => open().resolve({ query: null, documentId, extensions: {} })).toThrow(refusal('BAD_REQUEST'))
    expect(() => open().resolve({ query: null, id: documentId, extensions: {} })).toThrow(
      refusal('BAD_REQUEST'),
    )
  })

  test.each([null, ''])('is needed when there is no text: %j', (query) => {
    expect(() => open().resolve({ query, extensions: {} })).toThrow(refusal('BAD_REQUEST'))
  })
})

describe('a manifest', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'courtside-safelist-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const load = (content: unknown) => {
    const file = path.join(folder, 'manifest.json')
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
    return loadManifest(file)
  }
  const whole = { format: 'apollo-persisted-query-manifest', version: 1, ...manifest }

  test('is read as it was made, also with what others add', async () => {
    expect(await load(whole)).toEqual(manifest)
    const operations = manifest.operations.map((operation) => ({ ...operation, clientName: null }))
    expect(await load({ ...whole, operations })).toEqual(manifest)
  })

  test('is what npm run manifest makes', async () => {
    const made = path.resolve(import.meta.dirname, '../../../../operations.manifest.json')
    expect((await loadManifest(made)).operations.map(({ name }) => name)).toContain('TeamPage')
  })

  test.each<[string, unknown, RegExp]>([
    ['no JSON', '{', /is no JSON\. Make it with npm run manifest\./],
    ['of another format', { ...whole, format: 'relay' }, /is no manifest of operations: format: /],
    ['of another version', { ...whole, version: 2 }, /version: /],
    ['a list', [], /the whole: /],
    ['without operations', { ...whole, operations: undefined }, /operations: /],
    [
      'with an empty body',
      { ...whole, operations: [{ ...entry('A', ''), body: '' }] },
      /operations\.0\.body: /,
    ],
    [
      'with another type',
      { ...whole, operations: [{ ...entry('A', 'a'), type: 'x' }] },
      /operations\.0\.type: /,
    ],
    [
      'with a wrong id',
      { ...whole, operations: [{ ...entry('A', LISTED), body: `${LISTED} ` }] },
      /has an id for A that is not the SHA-256 of its body\./,
    ],
    [
      'with a body twice',
      { ...whole, operations: [entry('A', LISTED), entry('B', LISTED)] },
      /lists one body twice, as A and B\./,
    ],
  ])('that is %s stops the start, and says so', async (_, content, message) => {
    await expect(load(content)).rejects.toThrow(StartupError)
    await expect(load(content)).rejects.toThrow(message)
  })

  test('that is not there stops the start', async () => {
    await expect(loadManifest(path.join(folder, 'nothing.json'))).rejects.toThrow(
      /nothing\.json cannot be read\. Name one that is there, or none\./,
    )
  })
})
