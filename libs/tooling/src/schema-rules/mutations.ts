import { Kind } from 'graphql'
import { type Finding, findingAt } from './finding.ts'
import { namedType, type SchemaIndex } from './schema-index.ts'

/** All mutations look alike: one argument `input`, and an object or a union that may grow without breaking clients. */
export function mutationFindings({ fields, kindOf }: SchemaIndex): Finding[] {
  return fields
    .filter(({ owner }) => owner === 'Mutation')
    .flatMap(({ field }) => {
      const name = `Mutation.${field.name.value}`
      const [argument, ...others] = field.arguments ?? []
      const result = namedType(field.type)
      const kind = kindOf(result)
      const findings: Finding[] = []
      if (
        argument?.name.value !== 'input' ||
        argument.type.kind !== Kind.NON_NULL_TYPE ||
        others.length > 0
      ) {
        const input = `${field.name.value[0]!.toUpperCase()}${field.name.value.slice(1)}Input`
        findings.push(
          findingAt(field, `${name} takes something else than one input. Write: (input: ${input}!)`),
        )
      }
      const isPayload = result.endsWith('Payload') && kind === Kind.OBJECT_TYPE_DEFINITION
      const isResult = result.endsWith('Result') && kind === Kind.UNION_TYPE_DEFINITION
      if (!isPayload && !isResult) {
        findings.push(
          findingAt(
            field,
            `${name} returns ${result}. Return an object type …Payload, or a union …Result whose members are a payload and the refusals.`,
          ),
        )
      }
      return findings
    })
}
