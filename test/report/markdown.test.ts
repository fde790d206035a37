import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { OUTCOMES } from '../../catalogue/outcomes.ts';
import type { FailureRecord } from '../../contract/failure-line.ts';
import { ofStep } from '../../contract/selector.ts';
import { FLOW_KINDS } from '../../protocol/flow-kinds.ts';
import { code, prose } from '../../report/markdown-text.ts';
import { markdownReport } from '../../report/markdown.ts';
import { END, FAILED_FLOW, count, flowsWith, hostileModel, modelOf, rate, threshold, times } from './model-of.ts';
import type { Recorded } from './model-of.ts';
import { describe, expect, it } from 'vitest';

/** As lenient as hosts are: HTML is let through, addresses with a scheme become links (those with www. are looked for below). */
const markdown = new MarkdownIt({ html: true, linkify: true });
markdown.linkify.set({ fuzzyLink: false });

const HOSTILE = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '@everyone #1 !2 $3 &4 ~bug %"v1"',
  '[click](https://evil.example) ![](https://evil.example/x.png) https://evil.example www.evil.example evil.example/x',
  '| a | b |\n|---|---|',
  '`code` ``` \\` \\| \\',
  '\n/close\n# heading\n> quote\n- item\n1. one\n---\n===',
  '<!-- --> &amp; &#64;user a@example.com :tada:',
  '\u202Etxt.exe\u0000\uD800',
];

describe('A Markdown report', () => {
  it('says verdict, failed thresholds first with value, limit and margin, outcomes, both paths, and failed flows', () => {
    const thresholds = [
      threshold('flows', 'count>0', 60, true),
      threshold('poll_error_rate', 'rate<=0.01', 0.05, false),
    ];
    const text = markdownReport(
      modelOf(
        [
          ...flowsWith(3),
          ['http_req_duration', ofStep('poll'), times(10, 20)],
          ['poll_error_rate', {}, rate(1, 20)],
          ['decision_lag', {}, times(500)],
          ['pairing_duration', { platform: 'iPhone' }, times(100)],
          ['pairing_error_rate', { platform: 'iPhone' }, rate(1, 4)],
          ['http_req_duration', ofStep('token'), times(15)],
        ],
        { end: { ...END, ...{ verdict: 'fail', exitCode: 99, thresholds, failures: { seen: 3, kept: 3 } } } },
        [FAILED_FLOW],
      ),
    );
    expect(text).toBe(
      `### ❌ Pairstorm \`load\`: **FAIL**

**3 of 60 flows did not end as expected; 1 of 2 thresholds failed, poll errors 5.0 % (limit 1 %), at 0.8 flows&#47;s for 1 min 15 s&#58; this rate is not shown to hold.**

Flows an hour, offered 2,880 (0.8&#47;s started) · Pairings an hour, offered 1,920 (66.7 % of flows pair a device) · **Unexpected outcomes 3 (of 60 flows that ended)** · Pairing p95 100 ms (server time from authenticate to token) · Decision lag p95 500 ms (from the decision until the app learns of it)

Exit code 99: 1 of 2 thresholds failed. · 1 min 15 s · 2026-11-24 12:00:00 UTC · \`http://127.0.0.1:9031\`

- **1 flow (F5) ended as http&#95;error&#58; poll&#58; 503**; look into the target's logs at that time
- **and 2 more flows**

**Thresholds**: 1 failed, 1 held (1 not shown)

| threshold | value | limit | expression | margin |
|:--|--:|--:|--:|--:|
| ✗ \`poll_error_rate\` | 5.0 % | 1 % | \`rate<=0.01\` | 5 times the limit |

| flows | started | unexpected | outcomes |
|:--|--:|--:|--:|
| F1 first device paired | 40 | 0 | device_paired 40 |
| F5 push denied | 20 | **3** | denied 17, **http_error 3** |

| path | count | errors | p50 | p95 | p99 | max |
|:--|--:|--:|--:|--:|--:|--:|
| pairing, \`iPhone\` | 1 | 25.0 % | 100 ms | 100 ms | 100 ms | 100 ms |
| \`token\` | 1 | 0.0 % | 15.0 ms | 15.0 ms | 15.0 ms | 15.0 ms |
| poll | 20 | 5.0 % | 15.0 ms | 19.5 ms | 19.9 ms | 20.0 ms |
| decision lag | 1 | – | 500 ms | 500 ms | 500 ms | 500 ms |
`,
    );
  });

  it('says the rate of a Counter by the second, and that of a Rate as a share', () => {
    const thresholds = [threshold('flows', 'rate>1', 0.8, false), threshold('poll_error_rate', 'rate<1', 0.5, true)];
    const recorded: readonly Recorded[] = [...flowsWith(0), ['poll_error_rate', {}, rate(1, 2)]];
    const text = markdownReport(modelOf(recorded, { end: { ...END, verdict: 'fail', exitCode: 99, thresholds } }));
    expect(text).toContain('| ✗ `flows` | 0.80/s | 1/s | `rate>1` |');
    expect(text).toContain('**flows&#58; 0.80&#47;s, more than 1&#47;s asked for (20 % short of it)**');
  });

  it('has sixty lines at most and fits a comment, however much went wrong', () => {
    const kinds = Object.keys(FLOW_KINDS);
    const recorded: Recorded[] = kinds.flatMap((kind) => [
      ['flows', { kind }, count(17)] as const,
      ...OUTCOMES.map((outcome) => ['flow_outcomes', { kind, outcome }, count(1)] as const),
      ['outcome_mismatch', { kind }, rate(17, 17)] as const,
    ]);
    const steps = ['authenticate', 'continueAuthentication', 'token', 'poll'];
    const text = markdownReport(
      modelOf(
        [
          ...recorded,
          ['flows', { kind: 'F99' }, count(1)],
          ...steps.map((step) => ['http_req_duration', ofStep(step), times(9)] as const),
          ...['a', 'b', 'c', 'd'].map((platform) => ['pairing_duration', { platform }, times(9)] as const),
          ...(['decision_lag', 'polls_per_flow'] as const).map((name) => [name, {}, times(9)] as const),
          ['phase_duration', { fault: 'slow' }, times(9)],
          ['faults_seen', { fault: 'slow', how: 'named' }, count(3)],
        ],
        {
          end: {
            ...END,
            ...{ verdict: 'invalid', exitCode: 120, reason: 'x'.repeat(500), simulator: { starts: 1 } },
            thresholds: kinds.concat(kinds).map((kind) => threshold(`m{kind:${kind}}`, 'p(95)<1', 2, false)),
            failures: { seen: 900, kept: 900 },
          },
        },
        kinds.map(
          (kind) =>
            ({
              kind,
              prescribed: 'x',
              outcome: 'y',
              reason: 'z'.repeat(900),
              steps: [],
              user: 1,
            }) as unknown as FailureRecord,
        ),
      ),
    );
    expect(text.split('\n').length).toBeLessThanOrEqual(60);
    expect(text.length).toBeLessThan(10_000);
  });

  it.each(HOSTILE)('lets nothing of a record become HTML, a link, a mention or a structure: %j', (text) => {
    // A run that was aborted gives its reason as prose; in one that failed names stand in code.
    const rendered = (name: string): string =>
      [{}, { verdict: 'aborted' as const, exitCode: 108 }]
        .map((end) => markdown.render(markdownReport(hostileModel(name, end))))
        .join('\n');
    const [harmless, html] = [rendered('word'), rendered(text)];
    const tags = (page: string): string[] => page.match(/<[^>]*>/g) ?? [];
    expect(tags(html)).toEqual(tags(harmless));
    const outsideCode = html.replace(/<code>.*?<\/code>/gs, '').replace(/<[^>]*>/g, '');
    expect(outsideCode).not.toMatch(/[@#!~$%]\w|https?:\/\/|www\.|^\//m);
  });

  it('keeps every text readable, in code and as prose', () => {
    const signs = fc.constantFrom(...'*_[]()<>`|\\~#!@&:;-=+./"a1 '.split(''));
    const written = fc.oneof(fc.string({ maxLength: 100 }), fc.string({ unit: signs, maxLength: 100 }));
    fc.assert(
      fc.property(written, (text) => {
        const shown = (part: string): string =>
          markdown
            .renderInline(`x${part}x`)
            .replace(/<\/?code>/g, '')
            .replace(/&(amp|lt|gt|quot);/g, (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[name]!)
            .replaceAll('\u200B', '');
        const line = text.replace(/\s+/g, ' ').trim();
        expect(shown(prose(text))).toBe(`x${line}x`);
        const lookAlike = line.replaceAll('`', 'ˋ').replaceAll('|', '¦').replaceAll('\\', '∖');
        expect(shown(code(text))).toBe(`x${lookAlike === '' ? '–' : lookAlike}x`);
      }),
    );
  });
});
