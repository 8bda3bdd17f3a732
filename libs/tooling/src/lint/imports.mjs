/** Calls `check(node, source)` for every module that a file names, however it names it. */
export function visitImports(check) {
  const visit = (node) => {
    if (node.source?.type === 'Literal') check(node.source, String(node.source.value))
  }
  return {
    ImportDeclaration: visit,
    ExportNamedDeclaration: visit,
    ExportAllDeclaration: visit,
    ImportExpression: visit,
  }
}
