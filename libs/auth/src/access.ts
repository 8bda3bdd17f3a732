import { type ConstDirectiveNode, Kind } from 'graphql'
import { isPolicy, meetsPolicy, type Policy } from './policies.ts'
import type { Principal } from './principal.ts'
import { isScope, type Scope } from './roles.ts'

/** What `@authenticated`, `@requiresScopes` and `@policy` on one schema element ask of the caller. All must hold. */
export interface Requirement {
  authenticated: boolean
  /** Any one of the inner lists, each in full; empty when the element names none. */
  scopes: readonly (readonly Scope[])[]
  policies: readonly (readonly Policy[])[]
}

export type Access = 'granted' | 'unauthenticated' | 'forbidden'

export function accessTo(requirement: Requirement, principal: Principal): Access {
  const known = principal.kind !== 'anonymous'
  const scopesHeld = holdsOne(requirement.scopes, (scope) => principal.scopes.includes(scope))
  const policiesMet = holdsOne(requirement.policies, (policy) => meetsPolicy(principal, policy))
  if (scopesHeld && policiesMet && (known || !requirement.authenticated)) return 'granted'
  return known ? 'forbidden' : 'unauthenticated'
}

function holdsOne<Name>(alternatives: readonly (readonly Name[])[], holds: (name: Name) => boolean): boolean {
  return alternatives.length === 0 || alternatives.some((all) => all.every(holds))
}

/** Reads the requirement of a schema element from its directives; null when it asks for nothing. */
export function requirementOf(directives: readonly ConstDirectiveNode[] | undefined): Requirement | null {
  const requirement = { authenticated: false, scopes: [] as Scope[][], policies: [] as Policy[][] }
  for (const directive of directives ?? []) {
    // A supergraph may rename an imported directive only to `<spec>__<name>`; ours imports them under their own names.
    if (directive.name.value === 'authenticated') requirement.authenticated = true
    if (directive.name.value === 'requiresScopes') requirement.scopes = namesIn(directive, 'scopes', isScope)
    if (directive.name.value === 'policy') requirement.policies = namesIn(directive, 'policies', isPolicy)
  }
  const asks = requirement.authenticated || requirement.scopes.length > 0 || requirement.policies.length > 0
  return asks ? requirement : null
}

function namesIn<Name extends string>(
  directive: ConstDirectiveNode,
  argument: string,
  isKnown: (text: string) => text is Name,
): Name[][] {
  const value = directive.arguments?.find((given) => given.name.value === argument)?.value
  if (value?.kind !== Kind.LIST) throw new Error(`@${directive.name.value} has no list ${argument}`)
  return value.values.map((all) => {
    if (all.kind !== Kind.LIST)
      throw new Error(`@${directive.name.value}(${argument}:) takes a list of lists`)
    return all.values.map((name) => {
      // An unknown name must stop the start: ignored, it would open the field to everybody.
      if (name.kind !== Kind.STRING || !isKnown(name.value)) {
        throw new Error(
          `@${directive.name.value} names something unknown: see libs/auth/src/roles.ts and policies.ts`,
        )
      }
      return name.value
    })
  })
}
