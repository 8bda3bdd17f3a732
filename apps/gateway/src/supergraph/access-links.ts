import { type DirectiveNode, type DocumentNode, Kind, type ValueNode, visit } from 'graphql'
import { StartupError } from '@courtside/kernel'

/** What we enforce ourselves, by the specification's name, with the directive and the scalar that it brings. */
const ENFORCED_HERE: Readonly<Record<string, { directive: string; scalar: string | null }>> = {
  'https://specs.apollo.dev/authenticated/v0.1': { directive: 'authenticated', scalar: null },
  'https://specs.apollo.dev/requiresScopes/v0.1': {
    directive: 'requiresScopes',
    scalar: 'requiresScopes__Scope',
  },
  'https://specs.apollo.dev/policy/v0.1': { directive: 'policy', scalar: 'policy__Policy' },
}

/** What @apollo/gateway enforces: the public schema does not have such elements. */
const ENFORCED_BY_APOLLO: ReadonlySet<string> = new Set(['https://specs.apollo.dev/inaccessible/v0.2'])

/**
 * The supergraph as @apollo/gateway can load it. It refuses one whose links are `for: SECURITY` and unknown to it, and
 * rightly so: it would serve those fields to everybody. So only what our own access map enforces is taken out, and a
 * link for security that nobody enforces stops the start.
 */
export function withoutAccessDirectives(supergraph: DocumentNode): DocumentNode {
  const directives = new Set<string>()
  const scalars = new Set<string>()
  for (const link of linksOf(supergraph)) {
    if (link.purpose !== 'SECURITY' || ENFORCED_BY_APOLLO.has(link.url)) continue
    const enforced = ENFORCED_HERE[link.url]
    // Under another name the access map would not see the directive, and the field would be open.
    if (!enforced || link.renamed) throw unenforced(link)
    directives.add(enforced.directive)
    if (enforced.scalar) scalars.add(enforced.scalar)
  }
  assertAllLinked(supergraph, directives)
  return visit(supergraph, {
    [Kind.DIRECTIVE]: (node) => {
      const link = toLink(node)
      if (link) return link.url in ENFORCED_HERE ? null : undefined
      return directives.has(node.name.value) ? null : undefined
    },
    [Kind.DIRECTIVE_DEFINITION]: (node) => (directives.has(node.name.value) ? null : undefined),
    [Kind.SCALAR_TYPE_DEFINITION]: (node) => (scalars.has(node.name.value) ? null : undefined),
  })
}

interface Link {
  url: string
  purpose: string | null
  renamed: boolean
}

function linksOf(document: DocumentNode): Link[] {
  return document.definitions.flatMap((definition) => {
    const isSchema = definition.kind === Kind.SCHEMA_DEFINITION || definition.kind === Kind.SCHEMA_EXTENSION
    return isSchema ? (definition.directives ?? []).map(toLink).filter((link) => link !== null) : []
  })
}

function toLink(directive: DirectiveNode): Link | null {
  if (directive.name.value !== 'link') return null
  const value = (name: string): ValueNode | undefined =>
    directive.arguments?.find((argument) => argument.name.value === name)?.value
  const url = value('url')
  const purpose = value('for')
  if (url?.kind !== Kind.STRING) return null
  const imported = value('import')
  const renamedImport =
    imported?.kind === Kind.LIST && imported.values.some((item) => item.kind === Kind.OBJECT)
  return {
    url: url.value,
    purpose: purpose?.kind === Kind.ENUM ? purpose.value : null,
    renamed: value('as') !== undefined || renamedImport,
  }
}

/** A directive that is used but not linked is one that somebody meant and no specification answers for. */
function assertAllLinked(document: DocumentNode, linked: ReadonlySet<string>): void {
  const known = new Set(Object.values(ENFORCED_HERE).map(({ directive }) => directive))
  visit(document, {
    [Kind.DIRECTIVE]: ({ name }) => {
      if (known.has(name.value) && !linked.has(name.value)) {
        throw new StartupError(
          `The supergraph uses @${name.value} without linking it for security. Compose it again with npm run compose.`,
        )
      }
    },
  })
}

function unenforced({ url, renamed }: Link): StartupError {
  return new StartupError(
    `The supergraph links ${url} for security${renamed ? ' under another name' : ''}, and this gateway does not ` +
      'enforce that: it would serve protected fields to everybody. Take it out of the subgraphs and compose again.',
  )
}
