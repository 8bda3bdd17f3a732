import path from 'node:path'

/** How to mend what a rule finds, where its own message does not say. */
const MENDS = {
  '@graphql-eslint/require-description':
    'Write one sentence above it, between """, for those who explore the graph.',
  '@graphql-eslint/require-deprecation-reason': 'Write @deprecated(reason: "Use … instead.").',
  '@nx/enforce-module-boundaries':
    'Move the shared part to a library that both may import, or hand it in as an argument; libs/tooling/src/lint/boundaries.mjs has the table.',
  '@typescript-eslint/await-thenable': 'Remove the await, or make what it waits for return a promise.',
  '@typescript-eslint/ban-ts-comment':
    'Mend the type; if it cannot be, use @ts-expect-error with the reason behind it.',
  '@typescript-eslint/consistent-type-imports': 'Write `import type`, or `type` before the name.',
  '@typescript-eslint/no-explicit-any': 'Name the type, or use unknown and look before you use it.',
  '@typescript-eslint/no-floating-promises':
    'Await it; if nobody shall wait for it, handle its failure with .catch and say why with `void`.',
  '@typescript-eslint/no-misused-promises':
    'Give it a function that returns nothing, and handle the promise inside.',
  '@typescript-eslint/no-unsafe-argument':
    'Give the value a type where it enters: parse it, or annotate its source.',
  '@typescript-eslint/no-unsafe-assignment':
    'Give the value a type where it enters: parse it, or annotate its source.',
  '@typescript-eslint/no-unsafe-call':
    'Give the value a type where it enters: parse it, or annotate its source.',
  '@typescript-eslint/no-unsafe-member-access':
    'Give the value a type where it enters: parse it, or annotate its source.',
  '@typescript-eslint/no-unsafe-return':
    'Give the value a type where it enters: parse it, or annotate its source.',
  '@typescript-eslint/no-unused-vars': 'Remove it; if it must stay, begin its name with _.',
  '@typescript-eslint/only-throw-error': 'Throw an Error, or a DomainError if a caller can act on it.',
  '@typescript-eslint/restrict-template-expressions': 'Convert it to text in the way you mean.',
  '@typescript-eslint/switch-exhaustiveness-check':
    'Handle the missing cases; end with default: assertNever(value).',
  'max-lines': 'Split the file where it holds two thoughts.',
}

/** One finding a line, the mend below it. */
export default function format(results) {
  return results
    .flatMap(({ filePath, messages }) => messages.map((message) => describe(filePath, message)))
    .join('\n')
}

function describe(filePath, { line = 0, ruleId, message }) {
  const place = `${path.relative(process.cwd(), filePath)}:${line}`
  const mend = MENDS[ruleId] === undefined ? '' : `\n  ${MENDS[ruleId]}`
  return `${place} ${message.replaceAll('\n', ' ')} (${ruleId ?? 'cannot be read'})${mend}`
}
