import { buildSubgraphSchema } from '@apollo/subgraph'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { requirementOf } from '@courtside/auth'
import { readTypeDefs } from '@courtside/subgraph'
import { principals, type SubgraphClient } from '@courtside/testing'
import { isObjectType, isUnionType, parse } from 'graphql'
import { ownOnly, type OwnershipPolicy } from './ownership.policy.ts'
import { type Alice, arrangeAlice, PRIVATE } from './testing/alice.ts'
import { type AccountsHarness, openAccounts, type Person } from './testing/open-accounts.ts'
import { type Answer, ATTACKS, ENTITY_ATTACKS } from './testing/privacy-attacks.ts'
import { rowsNaming, tablesOf } from './testing/table-rows.ts'
import { createWholeDocuments } from './testing/whole-document.ts'

const schema = buildSubgraphSchema([{ typeDefs: parse(readTypeDefs(new URL('.', import.meta.url))) }])
/** Federation's own, which show the schema and nobody's data; `_entities` has a table of its own. */
const OF_FEDERATION = ['Query._service', 'Query._entities']

const fieldsOf = (typename: string) => {
  const type = schema.getType(typename)
  return isObjectType(type) ? Object.values(type.getFields()) : []
}
const entities = () => {
  const union = schema.getType('_Entity')
  return isUnionType(union) ? union.getTypes().map(({ name }) => name) : []
}

describe('the table of attacks', () => {
  test('has a line for every operation, and for every field of an account and of a profile', () => {
    const coordinates = ['Query', 'Mutation', 'Me', 'User']
      .flatMap((type) => fieldsOf(type).map((field) => `${type}.${field.name}`))
      .filter((coordinate) => !OF_FEDERATION.includes(coordinate))
    expect(Object.keys(ATTACKS).sort()).toEqual(coordinates.sort())
  })

  test('has a line for every entity that can be asked for by its id', () => {
    expect(Object.keys(ENTITY_ATTACKS).sort()).toEqual(entities().sort())
  })
})

interface World {
  accounts: AccountsHarness
  alice: Alice
  mallory: Person
  callers: Record<'mallory' | 'anonymous' | 'partner', SubgraphClient>
  documents: ReturnType<typeof createWholeDocuments>
}

async function arrangeWorld(ownership: OwnershipPolicy): Promise<World> {
  const accounts = await openAccounts({ ownership })
  const alice = await arrangeAlice(accounts)
  const mallory = await accounts.person('mallory')
  // It answers to her, and still does not speak for her.
  const herKey = { ...principals.partner('write:games'), apiKeyId: alice.ids.apiKey }
  return {
    accounts,
    alice,
    mallory,
    callers: { mallory, anonymous: accounts.as(principals.anonymous), partner: accounts.as(herKey) },
    documents: createWholeDocuments(schema, (coordinate) => ATTACKS[coordinate]?.with?.(alice)),
  }
}

const withoutRowLevelSecurity = async ({ accounts }: World) => {
  for (const table of await tablesOf(accounts)) {
    await accounts.sql(`ALTER TABLE "${table}" NO FORCE ROW LEVEL SECURITY`)
    await accounts.sql(`ALTER TABLE "${table}" DISABLE ROW LEVEL SECURITY`)
  }
}

/** All that is hers: rows that somebody else made about her are theirs. */
const rowsOf = async ({ accounts, alice, mallory }: World) => {
  const rows = await rowsNaming(accounts, alice.id, alice.ids.erasure)
  return rows.filter(({ row }) => !JSON.stringify(row).includes(mallory.id))
}

interface Response {
  data: { _entities?: readonly unknown[] } | null
  errors: readonly { code: string }[]
}
const toAnswer = ({ data, errors }: Response): Answer => {
  if (errors[0]) return errors[0].code
  return data?._entities?.[0] === null ? 'nothing' : 'answered'
}

const WALLS = [
  { walls: 'both walls', ownership: ownOnly, breakWall: async () => {} },
  { walls: 'row-level security alone', ownership: () => true, breakWall: async () => {} },
  { walls: 'the checks of the services alone', ownership: ownOnly, breakWall: withoutRowLevelSecurity },
]

describe.each(WALLS)('ACC-17, BUG-08: with $walls', ({ ownership, breakWall }) => {
  let world: World
  let before: Awaited<ReturnType<typeof rowsOf>>
  beforeAll(async () => {
    world = await arrangeWorld(ownership)
    await breakWall(world)
    before = await rowsOf(world)
  })
  afterAll(() => world.accounts.close())

  const operations = Object.keys(ATTACKS).filter((coordinate) => /^(Query|Mutation)\./.test(coordinate))
  test.each(operations)('%s tells nobody anything of Alice', async (coordinate) => {
    const [root, name = ''] = coordinate.split('.')
    const document = world.documents.ofRootField(root === 'Query' ? 'Query' : 'Mutation', name)
    await expectNothingOfAlice(document, ATTACKS[coordinate]!)
  })

  const accountFields = Object.keys(ATTACKS).filter((coordinate) => /^(Me|User)\./.test(coordinate))
  test.each(accountFields)(
    '%s of Alice, asked by her id, tells nobody anything private',
    async (coordinate) => {
      const [typename = '', name] = coordinate.split('.')
      await expectNothingOfAlice(
        world.documents.ofEntity(typename, world.alice.id, name),
        ATTACKS[coordinate]!,
      )
    },
  )

  test.each(Object.keys(ENTITY_ATTACKS))('the entity %s tells nobody anything private', async (typename) => {
    const attack = ENTITY_ATTACKS[typename]!
    await expectNothingOfAlice(world.documents.ofEntity(typename, attack.id(world.alice)), attack)
  })

  test('nothing of hers has changed by all that, and the log tells nothing either', async () => {
    expect(before.length).toBeGreaterThan(10)
    expect(await rowsOf(world)).toEqual(before)
    const lines = world.accounts.log.lines.map(
      ({ fields, message }) => `${message} ${JSON.stringify(fields)}`,
    )
    expect(lines.filter((line) => line.includes(PRIVATE))).toEqual([])
  })

  async function expectNothingOfAlice(
    document: string,
    expected: Readonly<Record<keyof World['callers'], Answer>>,
  ): Promise<void> {
    const { alice, callers } = world
    const answers: Record<string, Answer> = {}
    const leaks: string[] = []
    for (const [caller, client] of Object.entries(callers)) {
      const answer = await client.run<Response['data']>(document)
      answers[caller] = toAnswer(answer)
      const text = JSON.stringify(answer)
      if (alice.isPrivate(text)) leaks.push(`${caller}: ${text}`)
    }
    expect(leaks).toEqual([])
    const { mallory, anonymous, partner } = expected
    expect(answers).toEqual({ mallory, anonymous, partner })
  }
})

describe('ACC-17: with an account that got into the wrong hands', () => {
  let world: World
  /** Lets through the first question, which is for the account itself, and none of those beneath. */
  let asked = 0
  beforeAll(async () => {
    world = await arrangeWorld((principal, ownerId) => asked++ === 0 || ownOnly(principal, ownerId))
    await withoutRowLevelSecurity(world)
  })
  afterAll(() => world.accounts.close())

  // Whatever is read from further rows says that it is for the person.
  const guarded = fieldsOf('Me').filter((field) => requirementOf(field.astNode?.directives) !== null)
  test('there are fields that read further rows', () => {
    expect(guarded.length).toBeGreaterThan(8)
  })

  test.each(guarded.map(({ name }) => name))('Me.%s asks once more whose it is', async (name) => {
    asked = 0
    const answer = await world.mallory.run<Response['data']>(
      world.documents.ofEntity('Me', world.alice.id, name),
    )
    expect(asked).toBeGreaterThan(0)
    expect(world.alice.isPrivate(JSON.stringify(answer))).toBe(false)
    // Whom one follows oneself is nothing of hers.
    if (name === 'isFollowing')
      expect(answer).toMatchObject({ data: { _entities: [{ isFollowing: false }] } })
    else expect(toAnswer(answer)).toMatch(/NOT_FOUND$/)
  })
})

describe('ACC-17: Alice herself', () => {
  let world: World
  beforeAll(async () => {
    world = await arrangeWorld(ownOnly)
  })
  afterAll(() => world.accounts.close())

  test('is told all that is hers, but no hash and no token', async () => {
    const { alice, documents } = world
    const answers = JSON.stringify([
      await alice.ok(documents.ofRootField('Query', 'me')),
      await alice.ok(documents.ofRootField('Mutation', 'exportAccount')),
    ])
    for (const hers of [
      alice.email,
      alice.ids.session,
      alice.ids.identity,
      alice.ids.apiKey,
      alice.ids.membership,
    ]) {
      expect(answers).toContain(hers)
    }
    expect(answers).not.toContain(`${PRIVATE}-hash`)
    for (const encoding of ['hex', 'base64', 'base64url', 'utf8'] as const) {
      expect(answers).not.toContain(Buffer.from(`${PRIVATE}-token`).toString(encoding))
    }
  })
})
