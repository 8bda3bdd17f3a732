/** What the resolvers of a GraphQL type are given: `<Type>Parent` for each type that is not its own shape. */
export type {
  Account as MeParent,
  UserList as UserConnectionParent,
  UserProfile as UserParent,
} from './users/index.ts'
