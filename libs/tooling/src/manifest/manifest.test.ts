import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { StartupError } from '@courtside/kernel'
import { buildSchema, Source } from 'graphql'
import { root } from '../workspace.ts'
import { findDocuments } from './find-documents.ts'
import { DEFAULT_DOCUMENTS, manifestOf, toManifest } from './index.ts'
import { documentsInProgram } from './program-documents.ts'

const schema = buildSchema(`
  type Query { team(id: ID!): Team }
  type Mutation { rename(name: String): Team }
  type Subscription { renamed: Team }
  type Team { id: ID! name: String rival: Team }
`)

interface Manifest {
  format: string
  version: number
  operations: { id: string; name: string; type: string; body: string }[]
}

/** The manifest of documents, each in a file of its own. */
function listed(documents: Record<string, string>): Manifest {
  const sources = Object.entries(documents).map(([file, text]) => new Source(text, file))
  return JSON.parse(toManifest(sources, schema)) as Manifest
}

function faultsOf(documents: Record<string, string>): string[] {
  try {
    listed(documents)
    return []
  } catch (error) {
    if (!(error instanceof StartupError)) throw error
    const [head, ...lines] = error.message.split('\n')
    expect(head).toBe('The operations cannot be listed:')
    return lines
  }
}

describe('the manifest of operations', () => {
  test('has the form of Apollo’s persisted query lists, in the order of the names', () => {
    const manifest = listed({
      'b.graphql': 'mutation Zoo { rename { id } } query Ant { team(id: 1) { id } }',
      'a.graphql': 'subscription Mole { renamed { id } }',
    })
    expect(manifest).toMatchObject({ format: 'apollo-persisted-query-manifest', version: 1 })
    expect(manifest.operations.map(({ name, type }) => [name, type])).toEqual([
      ['Ant', 'query'],
      ['Mole', 'subscription'],
      ['Zoo', 'mutation'],
    ])
  })

  test('knows an operation by the SHA-256 of the text that clients send', () => {
    const [operation] = listed({ 'a.graphql': '# why\nquery  A { team(id: 1)\n{ id } }' }).operations
    expect(operation?.body).toBe('query A {\n  team(id: 1) {\n    id\n  }\n}')
    expect(operation?.id).toBe(createHash('sha256').update(String(operation?.body)).digest('hex'))
  })

  test('is the same however the documents are laid out, and in whichever files they are', () => {
    const one = listed({ 'a.graphql': 'query A { team(id: 1) { ...F } } fragment F on Team { id }' })
    const other = listed({
      'x.graphql': '# the name\nfragment F on Team { id, }',
      'y.graphql': 'query A\n{\n team(id: 1) { ... F } }',
    })
    expect(other).toEqual(one)
  })

  test('gives each operation the fragments it needs, and theirs, by name, and no others', () => {
    const { operations } = listed({
      'a.graphql':
        'query A { team(id: 1) { ...Z } } query B { team(id: 1) { ...Y } } fragment Unused on Team { id }',
      'f.graphql': 'fragment Z on Team { rival { ...Y } id } fragment Y on Team { name }',
    })
    const namesIn = (body = '') => [...body.matchAll(/^(?:query|fragment) (\w+)/gm)].map(([, name]) => name)
    expect(operations.map(({ body }) => namesIn(body))).toEqual([
      ['A', 'Y', 'Z'],
      ['B', 'Y'],
    ])
  })
})

describe('what is wrong in a document', () => {
  test.each<[string, string[]]>([
    [
      'query A {\n  team(id: 1) { nmae }\n}',
      ['a.graphql:2 Cannot query field "nmae" on type "Team". Did you mean "name"?'],
    ],
    ['query A {\n  team(id: 1) {', ['a.graphql:2 Syntax Error: Expected Name, found <EOF>.']],
    ['', ['a.graphql:1 Syntax Error: Unexpected <EOF>.']],
    [
      '\n{ team(id: 1) { id } }',
      ['a.graphql:2 The operation has no name. Give it one, so that it is known by it.'],
    ],
    [
      'query A { team { id } }',
      ['a.graphql:1 Field "team" argument "id" of type "ID!" is required, but it was not provided.'],
    ],
    ['query A($n: ID) { team(id: 1) { id } }', ['a.graphql:1 Variable "$n" is never used in operation "A".']],
    ['query A { team(id: 1) { ...F } }', ['a.graphql:1 Unknown fragment "F".']],
    ['type T { a: Int }', ['a.graphql:1 This is no operation and no fragment. Take it out.']],
    [
      'query A { team(id: 1) { id } }\nquery A { team(id: 1) { name } }',
      ['a.graphql:2 A is there already: a.graphql:1. Rename one of them.'],
    ],
    [
      'query A { team(id: 1) { ...F } }\nfragment F on Team { id }\nfragment F on Team { id }',
      ['a.graphql:3 F is there already: a.graphql:2. Rename one of them.'],
    ],
    [
      'query A { team(id: 1) { ...F } } query B { team(id: 1) { ...F } }\nfragment F on Team { ...F }',
      ['a.graphql:2 Cannot spread fragment "F" within itself.'],
    ],
  ])('%j is told with its place', (text, faults) => {
    expect(faultsOf({ 'a.graphql': text })).toEqual(faults)
  })

  test('is told of all documents at once', () => {
    expect(faultsOf({ 'a.graphql': 'query A {', 'b.graphql': 'query B { nothing }' })).toEqual([
      expect.stringMatching(/^a\.graphql:1 /),
      expect.stringMatching(/^b\.graphql:1 /),
    ])
  })

  test('and a manifest of nothing is none', () => {
    expect(() => listed({ 'a.graphql': 'fragment F on Team { id }' })).toThrow(
      'There is no operation in these files.',
    )
  })
})

describe('the documents in a program', () => {
  test('are its templates and calls of gql and graphql', () => {
    const program = [
      'const a = gql`query A { team(id: 1) { id } }`',
      'const b = graphql(`query B { team(id: 1) { id } }`)',
      'const c = graphql(/* GraphQL */ `query C { team(id: 1) { id } }`, 7)',
      "const d = <T,>() => gql('query D { team(id: 1) { id } }')",
      'const other = sql`SELECT ${1}` + html(`<a>${2}</a>`) + gql(name)',
    ].join('\n')
    const { sources, faults } = documentsInProgram(program, 'client.ts')
    expect(faults).toEqual([])
    expect(sources.map(({ body }) => body.slice(0, 7))).toEqual(['query A', 'query B', 'query C', 'query D'])
  })

  test('are told by the line of the program', () => {
    const program = 'const a = 1\n\nconst b = gql`\n  query A {\n    nothing\n  }`\n'
    const { sources } = documentsInProgram(program, 'client.tsx')
    expect(() => toManifest(sources, schema)).toThrow(
      'client.tsx:5 Cannot query field "nothing" on type "Query".',
    )
  })

  test.each(['gql`query A { ${fields} }`', 'graphql(`${B} query A { team(id: 1) { id } }`)'])(
    'have no holes: %s',
    (template) => {
      const { sources, faults } = documentsInProgram(`\nconst a = ${template}`, 'client.ts')
      expect(sources).toEqual([])
      expect(faults).toEqual([
        {
          place: 'client.ts:2',
          message: 'The document has a hole: ${…}. Spread fragments by name, and pass values as variables.',
        },
      ])
    },
  )
})

describe('where documents are looked for', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'courtside-documents-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const files = [
    'a.graphql',
    'deep/b.gql',
    'deep/c.tsx',
    'deep/d.d.ts',
    'e.md',
    'node_modules/f.graphql',
    'generated/g.ts',
  ]
  for (const file of files) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
    writeFileSync(path.join(folder, file), 'query A { a }')
  }
  const found = (...patterns: string[]) =>
    findDocuments(patterns).map((file) => path.relative(folder, path.resolve(root, file)))

  test('a folder means all documents and programs in it, but for what is not its own', () => {
    expect(found(folder)).toEqual(['a.graphql', 'deep/b.gql', 'deep/c.tsx'])
  })

  test('a file means itself, a glob what it matches, and each counts once', () => {
    expect(found(path.join(folder, 'a.graphql'))).toEqual(['a.graphql'])
    expect(found(path.join(folder, '*.graphql'), folder)).toEqual(['a.graphql', 'deep/b.gql', 'deep/c.tsx'])
  })

  test('a place without any is a mistake', () => {
    expect(() => found(path.join(folder, '*.nothing'))).toThrow(/There is no operation in .*\*\.nothing\./)
  })

  test('the documented operations make one', async () => {
    const manifest = JSON.parse(await manifestOf(DEFAULT_DOCUMENTS)) as Manifest
    expect(manifest.operations.length).toBeGreaterThan(10)
  })
})
