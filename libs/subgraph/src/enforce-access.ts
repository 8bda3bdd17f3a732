import { accessTo, type Principal, type Requirement, requirementOf } from '@courtside/auth'
import { DomainError } from '@courtside/kernel'
import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from 'graphql'

/**
 * Makes `@authenticated`, `@requiresScopes` and `@policy` hold in the subgraph itself. The gateway refuses such
 * operations before planning; this second check also covers what reaches a subgraph through `_entities`.
 */
export function enforceAccess(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) {
      // Federation itself refuses requirements on interfaces. On scalars and enums nobody here would read them.
      if (!requirementOf(type.astNode?.directives)) continue
      throw new Error(
        `${type.name}: put the access directive on fields or object types, not on this kind of type`,
      )
    }
    const ofType = requirementOf(type.astNode?.directives)
    for (const field of Object.values(type.getFields())) {
      const requirements = [ofType, requirementOf(field.astNode?.directives)].filter(
        (asked) => asked !== null,
      )
      if (requirements.length === 0) continue
      const guarded = guard(requirements)
      field.resolve = guarded(field.resolve ?? defaultFieldResolver)
      // What a subscription reads begins here: refusing its events alone would leave the source at work.
      if (field.subscribe) field.subscribe = guarded(field.subscribe)
    }
  }
}

type Resolve = GraphQLFieldResolver<unknown, { principal: Principal }>

const guard =
  (requirements: readonly Requirement[]) =>
  (resolve: Resolve): Resolve =>
  (source, args, context, info) => {
    for (const requirement of requirements) assertAccess(requirement, context.principal)
    return resolve(source, args, context, info)
  }

function assertAccess(requirement: Requirement, principal: Principal): void {
  const access = accessTo(requirement, principal)
  if (access === 'unauthenticated') {
    throw new DomainError({
      kind: 'unauthenticated',
      code: 'UNAUTHENTICATED',
      message: 'Sign in to use this.',
    })
  }
  if (access === 'forbidden') {
    throw new DomainError({ kind: 'forbidden', code: 'FORBIDDEN', message: 'You may not use this.' })
  }
}
