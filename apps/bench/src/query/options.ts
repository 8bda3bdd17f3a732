import { parseArgs } from 'node:util'
import { StartupError } from '@courtside/kernel'
import { type WorkloadName, WORKLOADS } from '../domain/index.ts'
import { type GatewayName, GATEWAYS } from '../gateways/index.ts'

export interface QueryOptions {
  shape: 'stub' | 'real'
  json: boolean
  rounds: number
  seconds: number
  workloads: readonly WorkloadName[]
  gateways: readonly GatewayName[]
  /** All requests the same. */
  hot: boolean
}

export function readQueryOptions(args: readonly string[]): QueryOptions {
  const { values } = parse(args)
  const { shape, json, hot } = values
  if (shape !== 'stub' && shape !== 'real') throw new StartupError('--shape is stub or real.')
  return {
    shape,
    json,
    hot,
    rounds: positive('rounds', values.rounds),
    seconds: positive('seconds', values.seconds),
    workloads: chosen('workloads', values.workloads, Object.keys(WORKLOADS) as WorkloadName[]),
    gateways: chosen(
      'only',
      values.only,
      GATEWAYS.map(({ name }) => name),
    ),
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        shape: { type: 'string', default: 'stub' },
        json: { type: 'boolean', default: false },
        hot: { type: 'boolean', default: false },
        rounds: { type: 'string', default: '5' },
        seconds: { type: 'string', default: '2' },
        workloads: { type: 'string' },
        only: { type: 'string' },
      },
    })
  } catch (error) {
    throw new StartupError(error instanceof Error ? error.message : String(error))
  }
}

function positive(name: string, text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && number > 0) return number
  throw new StartupError(`--${name} is a whole number above 0.`)
}

/** In the order in which they are known; all of them when none was asked for. */
function chosen<Name extends string>(
  option: string,
  list: string | undefined,
  known: readonly Name[],
): readonly Name[] {
  if (list === undefined) return known
  const wanted = list.split(',')
  const unknown = wanted.filter((name) => !known.some((one) => one === name))
  if (unknown.length > 0) {
    throw new StartupError(`--${option} does not know ${unknown.join(', ')}. There are: ${known.join(', ')}.`)
  }
  return known.filter((name) => wanted.includes(name))
}
