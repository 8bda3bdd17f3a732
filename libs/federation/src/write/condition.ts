import { type DirectiveNode, Kind, type OperationDefinitionNode } from 'graphql'
import type { Variables } from '../fetch/index.ts'
import { Refusal } from './refusal.ts'

/**
 * What `@skip` and `@include` ask of the variables. Each variable they name has one bit of a number that is made once
 * a request; a condition holds where the bits of `mask` are as in `value`.
 */
export interface Condition {
  readonly mask: number
  readonly value: number
}

export const ALWAYS: Condition = { mask: 0, value: 0 }

/** The bits of a small integer in V8, below its sign. */
const MOST_VARIABLES = 30

/** Null where the two can never hold together. */
export function both(a: Condition, b: Condition): Condition | null {
  const shared = a.mask & b.mask
  if ((a.value & shared) !== (b.value & shared)) return null
  return { mask: a.mask | b.mask, value: a.value | b.value }
}

export function implies(a: Condition, b: Condition): boolean {
  return (a.mask & b.mask) === b.mask && (a.value & b.mask) === b.value
}

export function toTest({ mask, value }: Condition): string {
  return `(f & ${mask}) === ${value}`
}

export interface Conditions {
  /** Null where the selection never shows. */
  read(directives: readonly DirectiveNode[] | undefined): Condition | null
  /** Throws where a variable holds no boolean: null may come for one that has a default. */
  toFlags(variables: Variables): number
}

export function createConditions(operation: OperationDefinitionNode): Conditions {
  const defaults = new Map<string, boolean>()
  for (const { variable, defaultValue } of operation.variableDefinitions ?? [])
    if (defaultValue?.kind === Kind.BOOLEAN) defaults.set(variable.name.value, defaultValue.value)
  const names: string[] = []

  const bitOf = (name: string): number => {
    const known = names.indexOf(name)
    const index = known === -1 ? names.push(name) - 1 : known
    if (index >= MOST_VARIABLES) throw new Refusal('conditions on too many variables')
    return 1 << index
  }

  const readOne = ({ name, arguments: given }: DirectiveNode): Condition | null => {
    const shows = name.value === 'include'
    if (!shows && name.value !== 'skip') throw new Refusal('a directive that only the careful way may know')
    const value = given?.[0]?.value
    if (value?.kind === Kind.BOOLEAN) return value.value === shows ? ALWAYS : null
    if (value?.kind !== Kind.VARIABLE) throw new Refusal('a condition without a boolean')
    const mask = bitOf(value.name.value)
    return { mask, value: shows ? mask : 0 }
  }

  return {
    read(directives) {
      let all: Condition | null = ALWAYS
      for (const directive of directives ?? []) {
        const one = readOne(directive)
        all = one && all && both(all, one)
      }
      return all
    },
    toFlags(variables) {
      let flags = 0
      for (let index = 0; index < names.length; index += 1) {
        const name = names[index] ?? ''
        const value = Object.hasOwn(variables, name) ? variables[name] : defaults.get(name)
        if (value === true) flags |= 1 << index
        else if (value !== false) throw new Refusal(`no boolean in $${name}`)
      }
      return flags
    },
  }
}
