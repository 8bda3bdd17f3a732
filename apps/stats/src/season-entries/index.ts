import type { Clock } from '@courtside/kernel'
import { createSeasonEntryLoaders } from './season-entries.loaders.ts'
import { createSeasonEntriesResolvers } from './season-entries.resolvers.ts'
import { createSeasonEntriesService, type SeasonEntriesDependencies } from './season-entries.service.ts'

export type { SeasonEntry } from './season-entry.ts'
export type { SeasonTeam } from './season-entries.repository.ts'
export { holdSeasonEntries, seasonEntryEntity } from './season-entries.repository.ts'
export type { SeasonEntryLoaders } from './season-entries.loaders.ts'

export function createSeasonEntriesModule(dependencies: SeasonEntriesDependencies & { clock: Clock }) {
  return {
    resolvers: createSeasonEntriesResolvers(createSeasonEntriesService(dependencies)),
    /** For one operation. */
    createLoaders: () => createSeasonEntryLoaders(dependencies.database, dependencies.clock),
  }
}
