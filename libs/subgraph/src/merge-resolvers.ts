type ResolverMap = Readonly<Record<string, object | undefined>>

/** One map of the maps of all modules. A field that two of them resolve stops the start. */
export function mergeResolvers(maps: readonly ResolverMap[]): ResolverMap {
  const merged: Record<string, object> = {}
  for (const map of maps) {
    for (const [type, resolvers] of Object.entries(map)) {
      if (resolvers === undefined) continue
      const known = merged[type]
      if (known === undefined) {
        merged[type] = resolvers
        continue
      }
      const twice = Object.keys(resolvers).find((field) => Object.hasOwn(known, field))
      if (twice !== undefined) throw new Error(`Two modules resolve ${type}.${twice}`)
      merged[type] = { ...known, ...resolvers }
    }
  }
  return merged
}
