import { describe, expect, test } from '@jest/globals'
import type { CompiledOperation } from '@courtside/federation'
import { createRecordedLog } from '@courtside/testing'
import { parse } from 'graphql'
import type { RequestRefusal } from '../errors/index.ts'
import type { Caller } from '../transports/index.ts'
import { createCompiledOperations } from './compiled-operations.ts'

const COMPILED: CompiledOperation<Caller> = {
  weight: 1_000,
  checkVariables: () => [],
  execute: () => Promise.reject(new Error('Nobody runs it here')),
  executeToData: () => Promise.reject(new Error('Nobody runs it here')),
  describePlan: () => '',
}

/** Plans whatever is not called `Impossible`. */
function compiling() {
  const figures: string[] = []
  const operations = createCompiledOperations({
    compile(_document, operationName) {
      if (operationName === 'Impossible') throw new Error('The plan asks stats with @fromContext')
      return COMPILED
    },
    maxBytes: 1_000_000,
    metrics: { compilation: (outcome) => figures.push(outcome) },
  })
  const log = createRecordedLog()
  const of = (name: string) =>
    operations.of({ document: parse('{ games }') }, { key: name, name }, { log, trace: null })
  const refusalOf = (name: string) => {
    try {
      of(name)
    } catch (error) {
      return error as RequestRefusal
    }
    throw new Error(`${name} was compiled`)
  }
  return { operations, of, refusalOf, figures, log }
}

describe('operations that are met', () => {
  test('are compiled once, and counted as long as they are kept', () => {
    const { operations, of, figures } = compiling()
    expect(operations.kept()).toEqual({ count: 0, bytes: 0 })
    expect([of('One'), of('One'), of('Two')]).toEqual([COMPILED, COMPILED, COMPILED])
    expect(figures).toEqual(['compiled', 'compiled'])
    expect(operations.kept()).toEqual({ count: 2, bytes: 2_000 })
  })

  test('and cannot be planned are refused by a code of their own, without being planned again', () => {
    const { refusalOf, figures } = compiling()
    const first = refusalOf('Impossible')
    expect([first.status, first.code]).toEqual([400, 'OPERATION_NOT_PLANNABLE'])
    expect(first.message).not.toContain('fromContext')
    expect(refusalOf('Impossible').errors).toEqual(first.errors)
    expect(figures).toEqual(['refused'])
  })

  test('and cannot be planned are told to the log once, under the id that the client is told', () => {
    const { refusalOf, log } = compiling()
    const { errors } = refusalOf('Impossible')
    refusalOf('Impossible')
    expect(log.lines).toEqual([
      {
        level: 'error',
        message: 'An operation cannot be planned and is refused from now on',
        fields: expect.objectContaining({
          err: expect.objectContaining({ message: 'The plan asks stats with @fromContext' }),
          'error.id': errors[0].extensions['errorId'],
          'operation.name': 'Impossible',
        }),
      },
    ])
  })
})
