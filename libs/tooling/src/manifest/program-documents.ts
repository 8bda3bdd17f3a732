import { Source } from 'graphql'
import ts from 'typescript'
import type { Fault } from './fault.ts'

/** What clients write in front of a document. */
const TAGS: ReadonlySet<string> = new Set(['gql', 'graphql'])

/**
 * The documents that a program holds as gql`…`, graphql`…`, gql(`…`) or graphql(`…`). What is put together while the
 * program runs cannot be known before, so a template with a hole is a fault: its fragments are found by name.
 */
export function documentsInProgram(text: string, file: string): { sources: Source[]; faults: Fault[] } {
  const program = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const sources: Source[] = []
  const faults: Fault[] = []
  const visit = (node: ts.Node): void => {
    const template = templateIn(node)
    if (template && ts.isStringLiteralLike(template)) {
      const { line, character } = program.getLineAndCharacterOfPosition(template.getStart() + 1)
      sources.push(new Source(template.text, file, { line: line + 1, column: character + 1 }))
    } else if (template) {
      const { line } = program.getLineAndCharacterOfPosition(template.getStart())
      faults.push({
        place: `${file}:${line + 1}`,
        message: 'The document has a hole: ${…}. Spread fragments by name, and pass values as variables.',
      })
    }
    ts.forEachChild(node, visit)
  }
  visit(program)
  return { sources, faults }
}

function templateIn(node: ts.Node): ts.StringLiteralLike | ts.TemplateExpression | null {
  if (ts.isTaggedTemplateExpression(node)) return isTag(node.tag) ? node.template : null
  if (!ts.isCallExpression(node) || !isTag(node.expression)) return null
  const [first] = node.arguments
  return first && (ts.isStringLiteralLike(first) || ts.isTemplateExpression(first)) ? first : null
}

function isTag(node: ts.Expression): boolean {
  return ts.isIdentifier(node) && TAGS.has(node.text)
}
