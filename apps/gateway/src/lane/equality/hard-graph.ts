import { composeGraph, type GraphUnderTest } from './graph-under-test.ts'

const FEDERATION = /* GraphQL */ `
  extend schema
    @link(
      url: "https://specs.apollo.dev/federation/v2.9"
      import: ["@key", "@requires", "@provides", "@external", "@shareable", "@override", "@interfaceObject"]
    )
`

/**
 * What the graph of the platform does not do yet, and may do tomorrow: many hops, values of which several subgraphs
 * know a part, what is required of others and provided by them, several keys, interfaces that are entities.
 */
export function composeHardGraph(): GraphUnderTest {
  return compose(SUBGRAPHS)
}

/** As well. When two subgraphs contradict each other about one value, it is that of whoever answers last. */
export function composeSharedValues(): GraphUnderTest {
  return compose({ ...SUBGRAPHS, places: PLACES })
}

function compose(subgraphs: Readonly<Record<string, string>>): GraphUnderTest {
  const sdl = Object.entries(subgraphs).map(([name, text]) => [name, FEDERATION + text])
  return composeGraph(Object.fromEntries(sdl) as Record<string, string>)
}

const PLACES = /* GraphQL */ `
  type Person @key(fields: "id") {
    id: ID!
    address: Address @shareable
    homes: [Address!] @shareable
  }
  type Address @shareable {
    city: String
    country: Country!
  }
  type Country @shareable {
    code: ID!
    name: String
  }
`

const SUBGRAPHS = {
  catalog: /* GraphQL */ `
    type Query {
      media(first: Int, kind: Kind = SHORT): [Media!]!
      hits(filter: Filter): [Hit]
      film(id: ID!): Film
      shelves: [[Media!]]!
      top: Film!
      again: Query!
    }
    type Mutation {
      addFilm(input: FilmInput!): Film
      renameFilm(id: ID!, title: String!): Film!
    }
    enum Kind {
      SHORT
      LONG
    }
    input Filter {
      kinds: [Kind!]
      not: Filter
    }
    input FilmInput {
      title: String! = "untitled"
      kinds: [[Kind]!]
      minutes: Float
    }
    interface Media @key(fields: "id") {
      id: ID!
      title: String
      cast(first: Int = 2): [Person!]!
    }
    type Film implements Media @key(fields: "id") {
      id: ID!
      title: String
      cast(first: Int = 2): [Person!]!
      minutes: Int
      kind: Kind!
      label: String
      sequel: Film
    }
    type Series implements Media @key(fields: "id") {
      id: ID!
      title: String
      cast(first: Int = 2): [Person!]!
      seasons: Int!
      label: Int
      kind: Kind
    }
    union Hit = Film | Series | Person
    type Person @key(fields: "id") @key(fields: "handle") {
      id: ID!
      handle: ID!
    }
  `,
  reviews: /* GraphQL */ `
    type Query {
      latest: [Review!]!
    }
    type Mutation {
      review(media: ID!, text: String): Review!
    }
    type Media @key(fields: "id") @interfaceObject {
      id: ID!
      score: Float
      reviews: [Review!]!
    }
    type Review {
      text: String!
      stars(outOf: Int! = 5): Int
      author: Person @provides(fields: "name")
      about: Media
    }
    type Person @key(fields: "handle") {
      handle: ID!
      name: String @external
      reviewed: [Review!]
    }
  `,
  people: /* GraphQL */ `
    type Query {
      person(id: ID!): Person
      everybody: [Person]
    }
    type Person @key(fields: "id") @key(fields: "handle") {
      id: ID!
      handle: ID!
      name: String @shareable
      weight: Int
      address: Address @shareable
      homes: [Address!] @shareable
      friends: [Person!]
      best: Film
    }
    type Address @shareable {
      street: String
      country: Country!
    }
    type Country @shareable {
      code: ID!
    }
    type Film @key(fields: "id") {
      id: ID!
      minutes: Int @override(from: "catalog")
    }
  `,
  fitness: /* GraphQL */ `
    type Person @key(fields: "id") {
      id: ID!
      weight: Int @external
      load: Int @requires(fields: "weight")
      fit: Boolean! @requires(fields: "weight")
      coach: Person
    }
  `,
  plans: /* GraphQL */ `
    type Query {
      trainees: [Person!]
      favourite: Media
    }
    type Person @key(fields: "id") {
      id: ID!
      load: Int @external
      plan: String @requires(fields: "load")
      trains: [Person!]!
    }
    interface Media @key(fields: "id", resolvable: false) {
      id: ID!
    }
    type Film implements Media @key(fields: "id", resolvable: false) {
      id: ID!
    }
    type Series implements Media @key(fields: "id", resolvable: false) {
      id: ID!
    }
  `,
}
