import { accessChangeResolvers } from './access-changes.resolvers.ts'
import {
  type AccessChangesDependencies,
  type AccessChangesService,
  createAccessChangesService,
} from './access-changes.service.ts'

export { ofApiKey, ofEndedSessions, ofPerson, ofSession } from './access-change.ts'
export { ACCESS_STREAM, createAccessChangeTeller, type TellAccessChanges } from './access-change-log.ts'
export type { AccessChangesService } from './access-changes.service.ts'

export interface AccessChangesModule {
  service: AccessChangesService
  resolvers: typeof accessChangeResolvers
}

/** Tells whoever holds connections open when somebody's access has changed. */
export function createAccessChangesModule(dependencies: AccessChangesDependencies): AccessChangesModule {
  return { service: createAccessChangesService(dependencies), resolvers: accessChangeResolvers }
}
