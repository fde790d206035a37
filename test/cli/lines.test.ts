import fc from 'fast-check';
import { jsonFaultLine } from '../../cli/json-fault-line.ts';
import { oneLine } from '../../cli/one-line.ts';
import type { OutcomeTable } from '../../contract/figures.ts';
import { nearest } from '../../contract/nearest.ts';
import { compareRecords } from '../../record/reconciliation.ts';
import { describe, expect, it } from 'vitest';

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

describe('A line of other people', () => {
  it('is not steered by what a script or a server writes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(oneLine(text)).not.toMatch(/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u);
      }),
    );
    expect(oneLine('a\n  b\x1b[31m\x9b\u202e')).toBe(String.raw`a b\x1b[31m\x9b\u202e`);
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
