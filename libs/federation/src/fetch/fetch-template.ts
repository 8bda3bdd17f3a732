import type { FetchNode } from '@apollo/query-planner'
import { setOwn } from '../join/index.ts'
import type { FetchTemplate, Variables } from './fetch.ts'

/** The planner's name for the variable that holds what entities are asked for by. */
export const REPRESENTATIONS = 'representations'

export function toTemplate(node: FetchNode): FetchTemplate {
  return { query: node.operation, operationName: node.operationName, type: node.operationKind }
}

const NONE: Variables = Object.freeze({})

/** Makes what takes from the client's variables those that a fetch uses. */
export function compileVariablePicker(names: readonly string[]): (variables: Variables) => Variables {
  if (names.length === 0) return () => NONE
  return (variables) => {
    const picked = {}
    for (const name of names) {
      const value = Object.hasOwn(variables, name) ? variables[name] : undefined
      if (value !== undefined) setOwn(picked, name, value)
    }
    return picked
  }
}
