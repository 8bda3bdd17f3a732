import { visitImports } from './imports.mjs'

const PRISMA = /^@prisma\/|(^|\/)generated\/prisma\//
const STORAGE = /\.repository\.ts$|(^|\/)db\.ts$/
const GRAPHQL = /^graphql$|^graphql\/|^@apollo\//
const OUTSIDE_WORLD =
  /^node:(child_process|dgram|dns|fs|http|http2|https|tls|worker_threads)(\/|$)|^pg$|^undici$|^@courtside\/(database|http)(\/|$)/

const GRAPH_TYPES = /(^|\/)generated\/graphql\.ts$/

/** What a file may not import, by the suffix that names its role in a module: all of it, or the one `name`. */
const LAYERS = [
  {
    role: /\.resolvers\.ts$/,
    banned: [PRISMA, STORAGE],
    mend: 'A resolver only translates arguments and results. Call the service of this module, and let it call the repository.',
  },
  {
    role: /\.(service|policy)\.ts$/,
    banned: [GRAPHQL],
    mend: 'Rules know nothing of GraphQL. Move what needs it to the resolvers of this module, and throw a DomainError instead of a GraphQLError.',
  },
  {
    role: /\.policy\.ts$/,
    banned: [PRISMA, STORAGE, OUTSIDE_WORLD],
    mend: 'A policy only decides. Let the service read what it needs and hand it in as arguments.',
  },
  {
    role: /^(?!.*\.repository\.ts$)(?!.*\/db\.ts$)/,
    banned: [PRISMA],
    mend: 'Only *.repository.ts and db.ts use the Prisma client. Put the query into the repository of this module, and return types of the domain.',
  },
  {
    role: /^(?!.*\.resolvers\.ts$)/,
    banned: [GRAPH_TYPES],
    name: 'Resolvers',
    mend: 'Resolvers stand in *.resolvers.ts, where these rules reach them. Move them there, and import them from that file.',
  },
]

/** Keeps each role of a module to its own concern. */
export const layers = {
  meta: { type: 'problem', schema: [], messages: { banned: '"{{source}}" is not for this file. {{mend}}' } },
  create(context) {
    const file = context.filename.replaceAll('\\', '/')
    const mine = LAYERS.filter(({ role }) => role.test(file))
    return visitImports((node, source) => {
      const broken = mine.find(
        ({ banned, name }) => banned.some((pattern) => pattern.test(source)) && takes(node.parent, name),
      )
      if (broken) context.report({ node, messageId: 'banned', data: { source, mend: broken.mend } })
    })
  },
}

/** Whether an import or export names `name`, or brings in the whole module; any does when there is no `name`. */
function takes(declaration, name) {
  const { specifiers = [] } = declaration
  if (name === undefined || specifiers.length === 0) return true
  return specifiers.some((specifier) => {
    const taken = specifier.type === 'ExportSpecifier' ? specifier.local : specifier.imported
    return taken === undefined || taken.name === name
  })
}
