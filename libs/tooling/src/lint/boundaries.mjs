import { readdirSync } from 'node:fs'

/**
 * Which project may import which, by the tags in their package.json. Three axes, and an import has to pass all of them:
 * what kind of project it is, whose it is, and where it runs.
 */
export const depConstraints = [
  { sourceTag: 'type:kernel', onlyDependOnLibsWithTags: ['type:kernel'], bannedExternalImports: ['*'] },
  {
    sourceTag: 'type:platform',
    onlyDependOnLibsWithTags: ['type:platform', 'type:kernel'],
  },
  {
    sourceTag: 'type:app',
    // `type:testing` for test files only; a rule of their own keeps it out of all others.
    onlyDependOnLibsWithTags: ['type:platform', 'type:kernel', 'type:testing'],
  },
  {
    sourceTag: 'type:host',
    onlyDependOnLibsWithTags: ['type:app', 'type:platform', 'type:kernel', 'type:tooling'],
  },
  {
    sourceTag: 'type:e2e',
    onlyDependOnLibsWithTags: ['type:host', 'type:platform', 'type:kernel', 'type:testing', 'type:tooling'],
    bannedExternalImports: ['@prisma/*', 'prisma'],
  },
  {
    sourceTag: 'type:testing',
    onlyDependOnLibsWithTags: ['type:platform', 'type:kernel', 'type:tooling'],
  },
  // What is measured may be anything.
  { sourceTag: 'type:bench', onlyDependOnLibsWithTags: ['*'] },
  { sourceTag: 'type:tooling', onlyDependOnLibsWithTags: ['type:platform', 'type:kernel'] },
  ...[...readdirSync(new URL('../../../../prisma', import.meta.url)), 'gateway'].map((scope) => ({
    sourceTag: `scope:${scope}`,
    onlyDependOnLibsWithTags: [`scope:${scope}`, 'scope:shared'],
  })),
  { sourceTag: 'scope:shared', onlyDependOnLibsWithTags: ['scope:shared'] },
  { sourceTag: 'runtime:any', onlyDependOnLibsWithTags: ['runtime:any'], bannedExternalImports: ['node:*'] },
]
