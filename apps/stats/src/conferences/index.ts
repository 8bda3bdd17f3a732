import { createEntityLoader } from '../entity-loader.ts'
import { findConferences } from './conferences.repository.ts'
import { createConferencesResolvers } from './conferences.resolvers.ts'
import { type ConferencesDependencies, createConferencesService } from './conferences.service.ts'

export type { Conference } from './conference.ts'
export { conferenceEntity, findConferences } from './conferences.repository.ts'

export function createConferencesModule(dependencies: ConferencesDependencies) {
  return {
    resolvers: createConferencesResolvers(createConferencesService(dependencies)),
    /** For one operation. */
    createLoader: () => createEntityLoader(dependencies.database, findConferences),
  }
}
