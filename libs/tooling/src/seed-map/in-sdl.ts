import { type ASTNode, getLocation, isTypeDefinitionNode, isTypeExtensionNode, parse, Source } from 'graphql'
import { commentsAbove } from '../sdl/index.ts'
import { leadingIds } from './seed-items.ts'
import type { Mention } from './mentions.ts'

/** `# ACC-07` above a type, or above a field, value or input field. */
export function mentionsInSdl(file: string, sdl: string): Mention[] {
  return parse(new Source(sdl, file)).definitions.flatMap((type) => {
    if (!isTypeDefinitionNode(type) && !isTypeExtensionNode(type)) return []
    const members = [
      ...('fields' in type ? (type.fields ?? []) : []),
      ...('values' in type ? (type.values ?? []) : []),
    ]
    return [
      ...mentions(type, type.name.value),
      ...members.flatMap((member) => mentions(member, `${type.name.value}.${member.name.value}`)),
    ]
  })
}

function mentions(node: ASTNode, name: string): Mention[] {
  const { loc } = node
  if (loc === undefined) return []
  const place = `${loc.source.name}:${getLocation(loc.source, loc.start).line}`
  return commentsAbove(node)
    .flatMap(leadingIds)
    .map((id) => ({ id, kind: 'type', name, place }))
}
