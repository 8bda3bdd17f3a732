import { defaultFieldResolver, type GraphQLSchema } from 'graphql'

/**
 * Mutations of one operation run one after the other. Each starts with a context of its own, so that it answers with
 * what is so after it, and not with what the loaders had read before it.
 */
export function renewContextForEachMutation<Context extends object>(
  schema: GraphQLSchema,
  createContext: (context: Context) => Context,
): void {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const resolve = field.resolve ?? defaultFieldResolver
    field.resolve = (source, args, context: Context, info) => {
      // In place: the fields beneath are given the very same object.
      Object.assign(context, createContext(context))
      return resolve(source, args, context, info)
    }
  }
}
