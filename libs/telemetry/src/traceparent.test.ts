import { describe, expect, test } from '@jest/globals'
import { parseTraceparent, toTraceparent } from './traceparent.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'

describe('the header traceparent', () => {
  test.each<[string, string, boolean]>([
    ['a sampled trace', `00-${TRACE}-${SPAN}-01`, true],
    ['a trace that is not sampled', `00-${TRACE}-${SPAN}-00`, false],
    ['other flags, which are none of our business', `00-${TRACE}-${SPAN}-fe`, false],
    ['other flags and sampled', `00-${TRACE}-${SPAN}-03`, true],
    ['a later version', `01-${TRACE}-${SPAN}-01`, true],
    ['a later version with more in it', `cc-${TRACE}-${SPAN}-01-what-comes`, true],
  ])('is read as %s', (_, header, sampled) => {
    expect(parseTraceparent(header)).toEqual({ traceId: TRACE, spanId: SPAN, sampled })
  })

  test.each<[string, string | string[] | undefined]>([
    ['nothing', undefined],
    ['empty', ''],
    ['a list', [`00-${TRACE}-${SPAN}-01`]],
    ['two, joined as node:http joins them', `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a span of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['the forbidden version', `ff-${TRACE}-${SPAN}-01`],
    ['version 00 with more in it', `00-${TRACE}-${SPAN}-01-more`],
    ['a later version that goes on without a dash', `01-${TRACE}-${SPAN}-01more`],
    ['capitals', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['too short a trace', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['too long a span', `00-${TRACE}-${SPAN}0-01`],
    ['flags that are none', `00-${TRACE}-${SPAN}-0g`],
    ['no flags', `00-${TRACE}-${SPAN}`],
    ['a space before', ` 00-${TRACE}-${SPAN}-01`],
    ['a line break behind', `00-${TRACE}-${SPAN}-01\n`],
    ['a book', `01-${TRACE}-${SPAN}-01-${'x'.repeat(10_000)}`],
  ])('is nothing when it is %s', (_, header) => {
    expect(parseTraceparent(header)).toBeNull()
  })

  test('is written so that it can be read', () => {
    expect(parseTraceparent(toTraceparent(TRACE, SPAN))).toEqual({
      traceId: TRACE,
      spanId: SPAN,
      sampled: true,
    })
  })
})
