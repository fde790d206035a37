import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareRecords } from '../../cli/compare-records.ts';
import { jsonFaultLine } from '../../cli/json-fault-line.ts';
import { nearest } from '../../contract/nearest.ts';
import { oneLine } from '../../cli/one-line.ts';
import { clock, progressLines } from '../../cli/progress-lines.ts';
import { makeTerminal } from '../../cli/terminal.ts';
import type { OutcomeTable } from '../../contract/outcome-table.ts';

describe('The name that was meant', () => {
  it.each([
    ['smok', 'smoke'],
    ['RAET', 'RATE'],
    ['pf_base_url', 'PF_BASE_URL'],
    ['xyzzy', undefined],
  ])('for %s is %s', (word, meant) => {
    expect(nearest(word, ['smoke', 'load', 'RATE', 'PF_BASE_URL'])).toBe(meant);
  });

  it('is the name itself where it exists', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, selector: (s) => s.toLowerCase() }),
        (names) => {
          for (const name of names) expect(nearest(name, names)).toBe(name);
        },
      ),
    );
  });
});

describe('The line on which a text stops being JSON', () => {
  it('is that of a wrong character put anywhere between two entries of a list', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { minLength: 2, maxLength: 20 }), fc.nat(), (values, at) => {
        const lines = values.map((value) => JSON.stringify(value));
        const broken = at % lines.length;
        const text = `[\n${lines.map((line, i) => (i === broken ? `oops${line}` : line)).join(',\n')}\n]`;
        expect(jsonFaultLine(text)).toBe(broken + 2);
      }),
    );
  });

  it('does not exist in a text that is JSON', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => jsonFaultLine(JSON.stringify(value, undefined, 1)) === undefined));
  });
});

describe('The status line', () => {
  const metrics = (values: Record<string, Record<string, number>>, outcomes: Record<string, number>) => ({
    values: (name: string) => values[name],
    breakdown: () => Object.entries(outcomes).map(([outcome, count]) => ({ tags: { outcome }, values: { count } })),
  });
  const progress = (elapsedMs: number, flows: number, outcomes: Record<string, number>) => ({
    elapsedMs,
    totalMs: 75_000,
    vus: 25,
    vusMax: 30,
    iterations: { started: flows, completed: 0, interrupted: 0, dropped: 0 },
    metrics: metrics({ flows: { count: flows }, 'http_req_duration{peer:pf}': { 'p(95)': 34.4 } }, outcomes),
  });

  it('says time, VUs, rate, latency, errors, and outcomes, the most frequent first', () => {
    const line = progressLines();
    expect(line(progress(10_000, 100, { denied: 2, http_error: 1, authenticated: 30 }))).toBe(
      '0:10/1:15  25 VUs  10.0 flows/s  p95 34 ms  1 error | auth 30, denied 2, http error 1',
    );
  });

  it('says when the planned time is over and flows are finishing', () => {
    expect(progressLines()(progress(80_000, 100, {}))).toMatch(/^1:20\/1:15 finishing {2}25 VUs/);
  });

  it('shows the rate of the last five seconds, not of the whole run', () => {
    const line = progressLines();
    for (const [at, flows] of [
      [10_000, 100],
      [12_000, 140],
      [14_000, 180],
      [20_000, 180],
    ] as const) {
      line(progress(at, flows, {}));
    }
    expect(line(progress(22_000, 184, {}))).toContain(' 2.0 flows/s');
  });

  it('shows the rate since the last report where that is older', () => {
    const line = progressLines();
    line(progress(10_000, 100, {}));
    line(progress(15_001, 140, {}));
    expect(line(progress(20_002, 140, {}))).toContain(' 0.0 flows/s');
  });

  it('speaks of iterations where a script counts no flows', () => {
    const line = progressLines()({
      ...progress(2_000, 0, {}),
      metrics: metrics({ iterations: { count: 8 }, http_req_failed: { passes: 2 } }, {}),
    });
    expect(line).toContain('4.0 iterations/s');
    expect(line).toContain('2 errors');
  });

  it('writes hours only where there are some', () => {
    expect([clock(999), clock(61_000), clock(3_723_000)]).toEqual(['0:00', '1:01', '1:02:03']);
  });
});

describe('The terminal', () => {
  const recorded = (isTTY: boolean, columns: number) => {
    const written: string[] = [];
    return {
      written,
      terminal: makeTerminal({ isTTY, columns, write: (text: string | Uint8Array) => written.push(String(text)) > 0 }),
    };
  };

  it('never lets a status line wrap, and takes it away before another line', () => {
    const { written, terminal } = recorded(true, 40);
    terminal.status('x'.repeat(200));
    terminal.line('a line');
    expect(written).toEqual([`\r\x1b[2K${'x'.repeat(39)}`, '\r\x1b[2K', 'a line\n']);
  });

  it('takes 80 columns where the terminal does not know its width', () => {
    const { written, terminal } = recorded(true, 0);
    terminal.status('x'.repeat(200));
    expect(written).toEqual([`\r\x1b[2K${'x'.repeat(79)}`]);
  });

  it('prints whole lines where it is none', () => {
    const { written, terminal } = recorded(false, 40);
    terminal.status('x'.repeat(200));
    terminal.clear();
    expect(written).toEqual([`${'x'.repeat(200)}\n`]);
  });

  it('is not steered by what a script or a server writes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(oneLine(text)).not.toMatch(/\p{Cc}/u);
      }),
    );
    expect(oneLine('a\n  b\x1b[31m')).toBe('a b\uFFFD[31m');
  });
});

describe("The simulator's record", () => {
  const table = (flows: number, unanswered: number, outcomes: OutcomeTable['outcomes']): OutcomeTable => ({
    flows,
    interrupted: 0,
    unanswered,
    outcomes,
  });

  it.each([
    ['each flow was answered', table(10, 0, { F1: { device_paired: 10 } }), 10, true],
    ['what is missing got no answer', table(10, 2, { F1: { device_paired: 8, http_error: 2 } }), 8, true],
    ['it answered a start whose answer was lost', table(10, 2, { F1: { device_paired: 8, http_error: 2 } }), 9, true],
    ['what is missing was refused', table(10, 0, { F1: { device_paired: 7, http_error: 3 } }), 7, true],
    ['a flow is missing', table(10, 0, { F1: { device_paired: 10 } }), 9, false],
    ['it saw more than there were', table(10, 0, { F1: { device_paired: 10 } }), 11, false],
  ])('compared: %s', (_title, flows, starts, agrees) => {
    expect(compareRecords(flows, starts).agrees).toBe(agrees);
  });

  it('lists starts without an answer apart', () => {
    expect(compareRecords(table(10, 1, { F1: { device_paired: 7, http_error: 3 } }), 7).text).toBe(
      "the simulator's record agrees: 7 flow starts answered of 10 (1 start without an answer, 2 refused)",
    );
  });
});
