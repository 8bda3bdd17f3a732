/** A value for each label of a metric. */
export type Labels<Name extends string> = Readonly<Record<Name, string>>

/** All series of one metric, each made when its labels are first met. */
export interface SeriesByLabels<Name extends string, Series> {
  with(labels: Labels<Name>): Series
  /** With each series its labels as they stand in the text, such as `type="query",outcome="ok"`. */
  entries(): Iterable<readonly [labelText: string, series: Series]>
}

const NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/

export function createSeriesByLabels<Name extends string, Series>(
  names: readonly Name[],
  create: () => Series,
): SeriesByLabels<Name, Series> {
  for (const name of names) {
    if (!NAME.test(name) || name === 'le') throw new Error(`A metric's label cannot be named "${name}".`)
  }
  const byText = new Map<string, Series>()
  // Without labels there is one series, and it is shown from the beginning.
  if (names.length === 0) byText.set('', create())
  return {
    with(labels) {
      const text = names.map((name) => `${name}="${escape(labels[name])}"`).join(',')
      let series = byText.get(text)
      if (series === undefined) byText.set(text, (series = create()))
      return series
    },
    entries: () => byText,
  }
}

function escape(value: string): string {
  if (!/[\\\n"]/.test(value)) return value
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')
}
