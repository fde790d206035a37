import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markup } from '../../report/html/markup.ts';
import { lengthOfTime, moment, quantity, roundQuantity } from '../../report/quantity.ts';

describe('markup of a report', () => {
  it('escapes whatever is put into it, in text and in attributes', () => {
    expect(markup`<p title="${'"><script>alert(1)</script>'}">${"a & b 'c' `d`"}</p>`.text).toBe(
      '<p title="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;">a &amp; b &#39;c&#39; &#96;d&#96;</p>',
    );
    expect(markup`${['<', markup`<b>${'<'}</b>`, 3, null, undefined, false]}`.text).toBe('&lt;<b>&lt;</b>3');
  });

  it('lets no text end an element or an attribute, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { text: inside } = markup`${text}`;
        expect(inside).not.toMatch(/[<>"'`]/);
        expect(inside.replace(/&(amp|lt|gt|quot|#39|#96);/g, '')).not.toContain('&');
      }),
    );
  });

  it('shows characters that steer instead of obeying them', () => {
    expect(markup`${'a\u0000b\u202ec\nd'}`.text).toBe('a\\x00b\\u202ec\nd');
  });
});

describe('quantities of a report', () => {
  it.each([
    [0.4213, 'ms', '0.42 ms'],
    [842.4, 'ms', '842 ms'],
    [1_234, 'ms', '1.23 s'],
    [200_000, 'ms', '3 min 20 s'],
    [0.0312, 'share', '3.1 %'],
    [0.0000001, 'share', '< 0.001 %'],
    [0, 'share', '0.0 %'],
    [1_000_000, 'count', '1,000,000'],
    [12.34, 'perSecond', '12.3/s'],
    [3.5 * 1_024 ** 3, 'bytes', '3.50 GiB'],
    [Infinity, 'count', 'Infinity'],
    [null, 'ms', '–'],
  ] as const)('%s in %s reads %s', (value, unit, text) => {
    expect(quantity(value, unit)).toBe(text);
  });

  it('labels axes without idle zeros, and tells time as people do', () => {
    expect([
      roundQuantity(50, 'ms'),
      roundQuantity(1, 'share'),
      roundQuantity(1_500, 'ms'),
      roundQuantity(100, 'count'),
    ]).toEqual(['50 ms', '100 %', '1.5 s', '100']);
    expect([lengthOfTime(0), lengthOfTime(4_500), lengthOfTime(60_000), lengthOfTime(28_860_000)]).toEqual([
      '0 s',
      '4.5 s',
      '1 min',
      '8 h 1 min',
    ]);
    expect([moment('2026-01-31T12:00:00Z'), moment('<never>')]).toEqual(['2026-01-31 12:00:00 UTC', '<never>']);
  });
});
