import { type Requirement, requirementOf } from '@courtside/auth'
import {
  buildASTSchema,
  type DocumentNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
} from 'graphql'

/** What the whole supergraph asks of a caller, by schema coordinate: `Type` or `Type.field`. */
export interface AccessMap {
  /** With the directives still on it, and with what the public schema does not show. */
  readonly schema: GraphQLSchema
  ofType(type: string): Requirement | null
  ofField(type: string, field: string): Requirement | null
}

/**
 * Reads every `@authenticated`, `@requiresScopes` and `@policy` of a supergraph. Throws when one names a scope or
 * policy that does not exist, or stands where nobody would enforce it.
 */
export function createAccessMap(supergraph: DocumentNode): AccessMap {
  const schema = buildASTSchema(supergraph, { assumeValidSDL: true })
  const requirements = new Map<string, Requirement>()
  const note = (coordinate: string, requirement: Requirement | null) => {
    if (requirement) requirements.set(coordinate, requirement)
  }
  for (const type of Object.values(schema.getTypeMap())) {
    note(type.name, requirementOf(directivesOf(type)))
    if (!isObjectType(type) && !isInterfaceType(type)) continue
    for (const field of Object.values(type.getFields())) {
      note(`${type.name}.${field.name}`, requirementOf(field.astNode?.directives))
    }
  }
  return {
    schema,
    ofType: (type) => requirements.get(type) ?? null,
    ofField: (type, field) => requirements.get(`${type}.${field}`) ?? null,
  }
}

function directivesOf(type: GraphQLNamedType) {
  const nodes = [type.astNode, ...type.extensionASTNodes]
  return nodes.flatMap((node) => node?.directives ?? [])
}
