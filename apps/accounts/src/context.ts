import type { RequestContext } from '@courtside/subgraph'
import type { UserLoaders, UsersService } from './users/index.ts'

/** The rules, one service a module. They live as long as the process and are told each time who asks. */
export interface Services {
  users: UsersService
}

/** What one operation has loaded, it keeps. */
export interface Loaders extends UserLoaders {}

export interface Context extends RequestContext {
  services: Services
  loaders: Loaders
}
