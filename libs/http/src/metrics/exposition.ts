/** One metric as Prometheus reads it. */
export interface MetricText {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  lines(): Iterable<string>
}

/** The text format 0.0.4, a blank line between metrics. */
export function toExposition(metrics: Iterable<MetricText>): string {
  const blocks = Array.from(metrics, ({ name, help, type, lines }) =>
    [`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} ${type}`, ...lines()].join('\n'),
  )
  return blocks.length === 0 ? '' : `${blocks.join('\n\n')}\n`
}

function escapeHelp(help: string): string {
  return help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}
