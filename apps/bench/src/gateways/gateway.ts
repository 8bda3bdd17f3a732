import path from 'node:path'
import type { JWK } from 'jose'
import type { Addresses } from '../domain/index.ts'
import type { Program } from '../machine/index.ts'

/** What a gateway may need to know to serve the graph of the domain. */
export interface Setting {
  port: number
  /** Composed for everybody. */
  supergraphFile: string
  /** Composed with the fields that our gateway identifies people with. */
  supergraphWithIdentityFile: string
  addresses: Addresses
  /** The public key that tokens are signed with. */
  signingKey: JWK
  /** The answer to the first request of workload a. */
  oneAnswer: string
}

/** One of the programs that are compared. */
export interface Gateway<Name extends string = string> {
  /** As in the options of the command and in the results. */
  readonly name: Name
  /** For people. */
  readonly title: string
  /** Whose it is: `peer` are the ones that ours is compared with, `floor` is no gateway at all. */
  readonly kind: 'peer' | 'ours' | 'floor'
  program(setting: Setting): Program
}

const bench = path.resolve(import.meta.dirname, '../..')

/** A plain script, which finds the packages that only the measurements need. */
export const script = (name: string) => path.join(bench, 'programs', `${name}.mjs`)
/** A program of ours. */
export const source = (name: string) => path.join(bench, 'src/programs', `${name}.ts`)
/** The command of a package that only the measurements need. */
export const command = (packageName: string, file: string) =>
  path.join(bench, 'node_modules', packageName, file)
