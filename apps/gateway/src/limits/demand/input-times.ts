import { Kind, type ValueNode } from 'graphql'
import type { Times, Variables } from './sum.ts'
import { sentFor, type VariableDefaults } from './variable-values.ts'
import type { Weigher } from './weigh-input.ts'

/** What the value of an argument costs: what is written down is weighed now, the variables in it at each request. */
export function inputTimes(given: ValueNode, weigher: Weigher, defaults: VariableDefaults): Times {
  switch (given.kind) {
    case Kind.VARIABLE:
      return variableTimes(given.name.value, weigher, defaults)
    case Kind.NULL:
      return 0
    case Kind.LIST:
      return together(
        0,
        given.values.map((value) => inputTimes(value, weigher, defaults)),
      )
    case Kind.OBJECT: {
      const inner = given.fields.flatMap(({ name, value }) => {
        const field = weigher.fields.get(name.value)
        return field ? [inputTimes(value, field, defaults)] : []
      })
      return together(weigher.weight, inner)
    }
    default:
      return weigher.weight
  }
}

function variableTimes(name: string, weigher: Weigher, defaults: VariableDefaults): Times {
  const unsaid = weigher.weigh(defaults.get(name))
  return (variables) => {
    const sent = sentFor(name, variables)
    return sent === undefined ? unsaid : weigher.weigh(sent)
  }
}

function together(own: number, parts: readonly Times[]): Times {
  const fixed = parts.filter((part) => typeof part === 'number').reduce((sum, part) => sum + part, own)
  const variable = parts.filter((part) => typeof part === 'function')
  if (variable.length === 0) return fixed
  return (variables: Variables) => variable.reduce((sum, part) => sum + part(variables), fixed)
}
