import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  specifiedRules,
  validate,
  type ValidationRule,
} from 'graphql'
import { type PublicError, refuse, RequestRefusal, withoutSuggestions } from '../errors/index.ts'
import { unconditionalRoot } from './unconditional-root.ts'

/** A document with more faults than this was not written for this schema. */
const MOST_ERRORS = 20

export interface ValidationPolicy {
  /** In production the schema is not told: neither by introspection nor by a suggestion. */
  hideSchema: boolean
}

/** Refuses what the schema does not allow, every fault at once. */
export function assertValid(schema: GraphQLSchema, document: DocumentNode, policy: ValidationPolicy): void {
  if (policy.hideSchema) {
    const [refused] = validate(schema, document, [NoSchemaIntrospectionCustomRule], { maxErrors: 1 })
    if (refused) throw introspectionDisabled(refused)
  }
  // By itself, because graphql-js throws what it should report.
  const conditional = validate(schema, document, [unconditionalRoot], { maxErrors: MOST_ERRORS })
  refuseFaults(conditional, policy)
  const errors = validate(schema, document, RULES, { maxErrors: MOST_ERRORS })
  if (errors.some(({ message }) => message === GAVE_UP)) throw tooCostly()
  refuseFaults(errors, policy)
}

function refuseFaults(faults: readonly GraphQLError[], policy: ValidationPolicy): void {
  const [first, ...others] = faults.map((fault) => toPublic(fault, policy))
  if (first) throw new RequestRefusal(400, [first, ...others])
}

/** Executors tell types apart by what stands under this name: another field there would be taken for the type. */
const typenameIsNoAlias: ValidationRule = (context) => ({
  Field(node) {
    if (node.alias?.value !== '__typename' || node.name.value === '__typename') return
    const message = '__typename is the name of the type and cannot be an alias of another field.'
    context.reportError(new GraphQLError(message, { nodes: node.alias }))
  },
})

const RULES: readonly ValidationRule[] = [...specifiedRules, typenameIsNoAlias]

function toPublic({ message, locations }: GraphQLError, { hideSchema }: ValidationPolicy): PublicError {
  return {
    message: hideSchema ? withoutSuggestions(message) : message,
    ...(locations && { locations }),
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
  }
}

/** The words of graphql-js when comparing the fields of a document with each other would take too long. */
const GAVE_UP = 'Validation aborted.'

function tooCostly(): RequestRefusal {
  return refuse(
    400,
    'VALIDATION_TOO_COSTLY',
    'The document selects the same fields again and again. Select each field once.',
  )
}

function introspectionDisabled({ locations }: GraphQLError): RequestRefusal {
  const error: PublicError = {
    message: 'Introspection is off here. The schema is published as schema.graphql.',
    ...(locations && { locations }),
    extensions: { code: 'INTROSPECTION_DISABLED' },
  }
  return new RequestRefusal(400, [error])
}
