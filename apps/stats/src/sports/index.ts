import type { Database } from '../db.ts'
import { createEntityLoader } from '../entity-loader.ts'
import type { Writes } from '../writes/index.ts'
import { findSports } from './sports.repository.ts'
import { createSportsResolvers } from './sports.resolvers.ts'
import { createSportsService } from './sports.service.ts'

export type { Sport } from './sport.ts'
export { findSports, sportEntity } from './sports.repository.ts'

export function createSportsModule(dependencies: { database: Database; writes: Writes }) {
  return {
    resolvers: createSportsResolvers(createSportsService(dependencies)),
    /** For one operation. */
    createLoader: () => createEntityLoader(dependencies.database, findSports),
  }
}
