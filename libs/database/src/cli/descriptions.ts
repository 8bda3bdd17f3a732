import type { Difference, Drift, MigrationStatus, Subgraph } from '../migrate/index.ts'
import type { Outcome } from './commands.ts'

export function describeStatus({ name }: Subgraph, found: MigrationStatus): Outcome {
  const { pending, failed, edited, unknown } = found
  const facts = [
    ...(pending.length > 0 ? [`pending: ${pending.join(', ')}`] : []),
    ...failed.map((one) => `failed: ${one.name}: ${one.error ?? 'it was interrupted'}`),
    ...(edited.length > 0 ? [`edited after it was applied: ${edited.join(', ')}`] : []),
    ...(unknown.length > 0 ? [`applied, but unknown to this code: ${unknown.join(', ')}`] : []),
  ]
  if (facts.length === 0) return { text: 'up to date', ok: true }
  return { text: [facts.join('; '), ...adviceFor(name, found)].join('\n'), ok: false }
}

function adviceFor(name: string, { pending, failed, edited, unknown }: MigrationStatus): string[] {
  return [
    ...(edited.length > 0 ? ['Restore the edited files, and put the change into a new migration.'] : []),
    ...(failed.length > 0
      ? [
          `Mend the failed one and run \`npm run db -- deploy ${name}\`; ` +
            `or, where its changes are there all the same, \`npm run db -- resolve ${name} ${failed[0]?.name}\`.`,
        ]
      : []),
    ...(pending.length > 0 && failed.length === 0 ? [`Run \`npm run db -- deploy ${name}\`.`] : []),
    ...(unknown.length > 0 ? ['Update this code, or restore the files.'] : []),
  ]
}

export function describeDrift({ name }: Subgraph, { schema, catalogue, versions }: Drift): Outcome {
  if (schema === '' && catalogue.length === 0) return { text: 'no drift', ok: true }
  return {
    text: [
      `drift: ${catalogue.length === 0 ? 'schema.prisma has changed' : countDifferences(catalogue.length)}`,
      ...catalogue.map(describeDifference),
      ...(versions.live === versions.migrated
        ? []
        : [
            `This server is Postgres ${versions.live} and the comparison was made on ${versions.migrated}: some of it may be wording.`,
          ]),
      ...(schema === '' ? [] : ['From the database to schema.prisma:', schema]),
      catalogue.length === 0
        ? `Run \`npm run db -- create ${name} <label>\`.`
        : `Undo these changes, or put them into a migration; \`npm run db -- reset ${name}\` where the data can be lost.`,
    ].join('\n'),
    ok: false,
  }
}

const countDifferences = (number: number) =>
  `${number} difference${number === 1 ? '' : 's'} from the migrations`

function describeDifference({ kind, name, live, migrated }: Difference): string {
  if (live === undefined) return `- ${kind} ${name} is missing: ${migrated}`
  if (migrated === undefined) return `+ ${kind} ${name} is in no migration: ${live}`
  return `~ ${kind} ${name} differs:\n    here:       ${live}\n    migrations: ${migrated}`
}
