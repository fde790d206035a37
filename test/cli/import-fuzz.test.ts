import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { importFile } from '../../cli/import/import-file.ts';
import { openRecord } from '../../record/read-record.ts';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import { emptyFolder } from './command.ts';
import { metric, point } from './k6-lines.ts';

const LINES = [
  metric('hits', 'counter', ['count<8']),
  point('hits', 1, 0, { a: 'b' }),
  metric('ms', 'trend', ['p(95)<500'], { submetrics: [{ name: 'ms{a:b}', suffix: 'a:b', thresholds: ['max<9'] }] }),
  point('ms', 12.5, 1_200, { a: 'b' }),
  point('flows', 1, 1_300, { kind: 'F4' }),
  point('iterations', 1, 1_400),
  metric('odd', 'rate'),
  point('odd', 0, 2_500),
  point('vus', 3, 2_600),
];

/** A piece of text to be put in the place of another. */
const piece = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.constantFrom(
    'null',
    '{}',
    '[]',
    '-1',
    '1e308',
    '1e999',
    '"',
    '\\',
    '{',
    '}',
    'ms{a:b}',
    '__proto__',
    'trend',
    '\u0000',
    '',
  ),
);
const change = fc.record({
  line: fc.nat(LINES.length - 1),
  at: fc.nat(200),
  cut: fc.nat(12),
  piece,
});
/** A word of a line, to be exchanged for another: what is JSON still, but means something else. */
const exchange = fc.record({ line: fc.nat(LINES.length - 1), word: fc.nat(60), piece });

const WORDS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|null|\[\]/g;

test('whatever becomes of its lines, an import makes a record that reads, or says in one line which of them is wrong', async () => {
  const folder = emptyFolder();
  const file = join(folder, 'k6.json');
  let made = 0;
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { maxLength: 2 }),
      fc.array(exchange, { maxLength: 2 }),
      fc.boolean(),
      async (changes, exchanges, end) => {
        const lines = [...LINES];
        for (const { line, word, piece } of exchanges) {
          let seen = 0;
          lines[line] = lines[line]!.replace(WORDS, (old) =>
            seen++ === word ? (word % 2 === 0 ? piece : JSON.stringify(piece)) : old,
          );
        }
        for (const { line, at, cut, piece } of changes) {
          lines[line] = lines[line]!.slice(0, at) + piece + lines[line]!.slice(at + cut);
        }
        writeFileSync(file, lines.join('\n') + (end ? '\n' : ''));
        const results = join(folder, `results-${made + refused}`);
        const said: string[] = [];
        try {
          await importFile(file, { results, interval: '1s' }, (line) => said.push(line));
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigurationError);
          expect((error as Error).message).not.toContain('\n');
          expect((error as Error).message).toMatch(/: line \d+|holds no sample|threshold/);
          expect(existsSync(results) ? readdirSync(results) : []).toEqual([]);
          refused++;
          return;
        }
        made++;
        const record = openRecord(join(results, readdirSync(results)[0]!));
        expect(record.run.end).not.toBeNull();
        for await (const interval of record.intervals()) expect(interval.recorded.length).toBeGreaterThan(0);
      },
    ),
    { numRuns: Number(process.env['FUZZ_RUNS'] ?? 250) },
  );
  // Both ends are reached: neither half of the promise is empty.
  expect(Math.min(made, refused)).toBeGreaterThan(0);
}, 600_000);
