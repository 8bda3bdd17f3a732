import { type Batch, createBatch } from '@courtside/subgraph'
import type { Caller } from '../caller.ts'
import type { Resolvers } from '../generated/graphql.ts'
import { toRoleName } from '../role-name.ts'
import { type Account, shownEmail, toProfile, userNotFound } from '../users/index.ts'
import {
  type AdministrationDependencies,
  type AdministrationService,
  createAdministrationService,
} from './administration.service.ts'

export type { AccountList, AdministrationService } from './administration.service.ts'

const administrationResolvers: Resolvers = {
  Query: {
    account: (_root, { id }, context) => context.services.administration.account(context, id),
    accounts: (_root, args, context) => context.services.administration.accounts(context, args),
  },
  Mutation: {
    setUserActive: async (_root, { input }, context) => ({
      account: await context.services.administration.setUserActive(context, input),
    }),
    setUserVerified: async (_root, { input }, context) => ({
      account: await context.services.administration.setUserVerified(context, input),
    }),
  },
  Account: {
    user: (account) => toProfile(account),
    email: ({ email }) => shownEmail(email),
    roles: ({ roles }) => roles.map(toRoleName),
  },
}

export interface AdministrationLoaders {
  /** For those who manage users or roles. */
  account: Pick<Batch<string, Account>, 'load'>
}

export interface AdministrationModule {
  service: AdministrationService
  resolvers: typeof administrationResolvers
  createLoaders(caller: Caller): AdministrationLoaders
}

/** Other people's accounts, for those who keep the service in order. */
export function createAdministrationModule(dependencies: AdministrationDependencies): AdministrationModule {
  const service = createAdministrationService(dependencies)
  return {
    service,
    resolvers: administrationResolvers,
    createLoaders(caller) {
      const batch = createBatch<string, Account>(
        (ids) => service.accountsById(caller, ids),
        () => null,
      )
      return {
        account: {
          async load(id) {
            const account = await batch.load(id)
            if (!account) throw userNotFound()
            return account
          },
        },
      }
    },
  }
}
