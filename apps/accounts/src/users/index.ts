import { createProfileRepository } from './profile.repository.ts'
import { createUserLoaders, type UserLoaders } from './users.loaders.ts'
import { userResolvers } from './users.resolvers.ts'
import { createUsersService, type UsersDependencies, type UsersService } from './users.service.ts'

export { type AccountChanges, accountRepository, type NewAccount } from './account.repository.ts'
export { type Credential, credentialRepository } from './credential.repository.ts'
export type { Account, UserProfile } from './user.ts'
export { accountEmail, displayNameField, usernameField } from './user.fields.ts'
export { deletedUsername, isUsable, placeholderEmail, rolesOf, shownEmail, toProfile } from './user.policy.ts'
export { usernameFault } from './username.policy.ts'
export { emailTaken, userNotFound, usernameTaken } from './users.errors.ts'
export { profileOf, type UserLoaders } from './users.loaders.ts'
export type { UserList, UsersService } from './users.service.ts'

export interface UsersModule {
  service: UsersService
  resolvers: typeof userResolvers
  createLoaders(): UserLoaders
}

/** Who the people are: public profiles, and the account each has of its own. */
export function createUsersModule(dependencies: Omit<UsersDependencies, 'profiles'>): UsersModule {
  const profiles = createProfileRepository(dependencies.db)
  return {
    service: createUsersService({ ...dependencies, profiles }),
    resolvers: userResolvers,
    createLoaders: () => createUserLoaders(profiles),
  }
}
