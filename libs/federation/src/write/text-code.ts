const PLAIN = /^[\w{}[\]":,]*$/

/** A piece of JSON, or a name, as a literal of JavaScript. Only what is made of names can come here. */
export function toLiteral(text: string): string {
  if (!PLAIN.test(text)) throw new Error('Generated source may hold constants made of names only.')
  return `'${text}'`
}

/** Builds the statements that put a text together in `s`, with as few steps as the conditions allow. */
export interface TextCode {
  constant(text: string): void
  expression(code: string): void
  /** What `add` adds is only there where the test holds. */
  when(test: string, add: () => void): void
  /** All statements, the last of which returns the text. */
  end(): string[]
}

export function createTextCode(): TextCode {
  const statements: string[] = []
  let terms: string[] = []
  let constant = ''

  const takeTerms = (): string => {
    if (constant) terms.push(toLiteral(constant))
    const sum = terms.join(' + ')
    terms = []
    constant = ''
    return sum
  }
  const flush = (before: string): void => {
    const sum = takeTerms()
    if (sum) statements.push(statements.length === 0 ? `let s = ${sum}` : `${before}s += ${sum}`)
  }

  return {
    constant(text) {
      constant += text
    },
    expression(code) {
      if (constant) terms.push(toLiteral(constant))
      constant = ''
      terms.push(code)
    },
    when(test, add) {
      flush('')
      add()
      flush(`if (${test}) `)
    },
    end() {
      const sum = takeTerms()
      const all = statements.length === 0 ? sum : ['s', sum].filter(Boolean).join(' + ')
      return [...statements, `return ${all}`]
    },
  }
}
