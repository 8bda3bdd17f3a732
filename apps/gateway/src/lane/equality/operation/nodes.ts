import { type ArgumentNode, Kind, type NameNode, type NamedTypeNode, type VariableNode } from 'graphql'

export const toName = (value: string): NameNode => ({ kind: Kind.NAME, value })

export const toVariable = (name: string): VariableNode => ({ kind: Kind.VARIABLE, name: toName(name) })

export const toNamedType = (name: string): NamedTypeNode => ({ kind: Kind.NAMED_TYPE, name: toName(name) })

export const toArgument = (name: string, value: ArgumentNode['value']): ArgumentNode => ({
  kind: Kind.ARGUMENT,
  name: toName(name),
  value,
})
