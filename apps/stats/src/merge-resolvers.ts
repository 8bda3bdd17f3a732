import type { GraphQLScalarType } from 'graphql'
import type { Resolvers } from './generated/graphql.ts'

/** One map of the modules' maps. Modules share types, never a field: two resolvers for one field are an error. */
export function mergeResolvers(maps: readonly (Resolvers | Record<string, GraphQLScalarType>)[]): Resolvers {
  const merged: Record<string, object> = {}
  for (const [type, fields] of maps.flatMap((map) => Object.entries(map) as [string, object][])) {
    const known = merged[type]
    const twice = known && Object.keys(fields).find((field) => field in known)
    if (twice !== undefined) throw new Error(`Two modules resolve ${type}.${twice}`)
    // A scalar is an object of its own, not a map of fields.
    merged[type] = known ? { ...known, ...fields } : fields
  }
  return merged
}
