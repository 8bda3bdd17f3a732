import { buildSchema, Kind, parse } from 'graphql'
import { compileDemand, createDemandRules, type Demand, type Measured, measureDemand } from './index.ts'

export const DIRECTIVES = `
  directive @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
  directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
`

export function rulesOf(sdl: string) {
  return createDemandRules(buildSchema(DIRECTIVES + sdl))
}

export function demandOf(text: string, rules: ReturnType<typeof rulesOf>): Demand {
  const document = parse(text)
  const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION)
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation')
  return compileDemand(operation, document, rules)
}

export function measured(
  text: string,
  rules: ReturnType<typeof rulesOf>,
  variables: Readonly<Record<string, unknown>> = {},
): Measured {
  return measureDemand(demandOf(text, rules), variables)
}
