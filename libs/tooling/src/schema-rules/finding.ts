import { getLocation, type NameNode } from 'graphql'

/** A place in the SDL that breaks a rule. */
export interface Finding {
  /** `file:line` */
  place: string
  /** What is wrong, and how to mend it. */
  message: string
}

/** The place is the name of the definition, below its description. */
export function findingAt({ name }: { name: NameNode }, message: string): Finding {
  const { loc } = name
  const place = loc ? `${loc.source.name}:${getLocation(loc.source, loc.start).line}` : name.value
  return { place, message }
}
