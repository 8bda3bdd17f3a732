import { GraphQLBoolean, GraphQLID, GraphQLInt, type GraphQLLeafType, type GraphQLSchema } from 'graphql'
import { GraphQLString, isLeafType } from 'graphql'
import { isPromise, NotReady } from './guarded.ts'

type Serializer = (value: unknown) => unknown

/** graphql-jit keeps nothing of an error but its message. So the error travels as the message. */
class LeafFault extends Error {
  constructor(fault: Error) {
    super()
    Object.defineProperty(this, 'message', { value: fault })
  }
}

/** How compiled code writes leaf values: as graphql-js does, and with the same errors. */
export function createSerializers(schema: GraphQLSchema): Record<string, Serializer> {
  const serializers: Record<string, Serializer> = {}
  for (const type of Object.values(schema.getTypeMap())) {
    if (isLeafType(type)) serializers[type.name] = PLAIN[type.name] ?? serializerOf(type)
  }
  return serializers
}

/** A value that is already what it should be needs no look at its type. */
const PLAIN: Readonly<Record<string, Serializer>> = {
  String: unless((value) => typeof value === 'string', GraphQLString),
  ID: unless((value) => typeof value === 'string', GraphQLID),
  Boolean: unless((value) => typeof value === 'boolean', GraphQLBoolean),
  Int: unless((value) => (value as number) >> 0 === value, GraphQLInt),
}

function unless(isPlain: (value: unknown) => boolean, type: GraphQLLeafType): Serializer {
  const serialize = serializerOf(type)
  return (value) => (isPlain(value) ? value : serialize(value))
}

function serializerOf(type: GraphQLLeafType): Serializer {
  return (value) => {
    if (typeof value === 'function' || isPromise(value)) {
      throw new LeafFault(new NotReady(`A value of the type ${type.name} has still to be computed`))
    }
    let written: unknown
    try {
      written = type.serialize(value)
    } catch (fault) {
      throw new LeafFault(fault instanceof Error ? fault : new Error(String(fault)))
    }
    if (written === undefined || written === null) {
      throw new LeafFault(new Error(`The type ${type.name} wrote nothing for a value that is not null`))
    }
    return written
  }
}
