import type { FragmentDefinitionNode } from 'graphql'
import type { Variables } from '../fetch/index.ts'
import type { Joined, JsonObject } from '../join/index.ts'
import type { Outcome } from '../outcome.ts'
import { compileWriter } from '../write/index.ts'
import { type CarefulShapeOptions, createCarefulShape } from './careful-shape.ts'

export interface ShapeOptions extends CarefulShapeOptions {
  fragments: ReadonlyMap<string, FragmentDefinitionNode>
}

/** What the client is answered, made from what the answers of subgraphs come to. */
export interface Shape {
  toText(joined: Joined, variables: Variables): Outcome<string>
  toData(joined: Joined, variables: Variables): Outcome<JsonObject | null>
}

/** Writes the response as long as all is as its types say, and looks carefully only where something is not. */
export function compileShape(options: ShapeOptions): Shape {
  const write = compileWriter(options.schema, options.definition, options.fragments)
  const shapeCarefully = createCarefulShape(options)
  const writeFast = ({ data, errors }: Joined, variables: Variables): Outcome<string> | null => {
    const text = write ? write(data ?? {}, variables) : null
    return text === null ? null : { data: text, errors, holes: [] }
  }
  return {
    toText(joined, variables) {
      const written = writeFast(joined, variables)
      if (written) return written
      const { data, errors, holes } = shapeCarefully(joined, variables)
      return { data: JSON.stringify(data), errors, holes }
    },
    toData(joined, variables) {
      const written = writeFast(joined, variables)
      // Reading the text again takes less than shaping an object field by field.
      if (written) return { ...written, data: JSON.parse(written.data) as JsonObject }
      return shapeCarefully(joined, variables)
    },
  }
}
