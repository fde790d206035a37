import { expect, it } from 'vitest';
import { EXIT_CODES } from '../../catalogue/exit-codes.ts';
import { findingWords, sentenceOf } from '../../catalogue/finding-words.ts';
import { FINDINGS, finding } from '../../catalogue/findings.ts';
import type { Finding, FindingCode } from '../../catalogue/findings.ts';

const CODES = Object.keys(FINDINGS) as FindingCode[];

it('every finding has a sentence, whatever its data hold', () => {
  const odd: Finding['data'][] = [
    {},
    { message: 7, expression: null, value: 'x', p99Ms: [], limitMs: {}, what: 9, lostMs: null, maxMs: true, code: [] },
    { what: 'constructor', value: { deep: [1] } },
  ];
  for (const code of CODES) {
    for (const data of odd) {
      const sentence = sentenceOf(finding(code, { subject: 's', data }));
      expect(sentence, code).not.toBe('');
      expect(sentence).not.toMatch(/undefined|NaN|\[object/);
      expect(findingWords([finding(code, { subject: 's', data, gate: true })])).not.toMatch(/undefined|NaN|\[object/);
    }
  }
});

it('a code that this version does not know is shown as it stands', () => {
  const unknown: Finding = { code: 'toString', exit: 99, subject: '', data: { share: 0.25 } };
  expect(sentenceOf(unknown)).toBe('unknown finding toString (share 0.25)');
  expect(findingWords([unknown])).toBe('unknown finding toString (share 0.25)');
});

it('failed thresholds are one sentence, and one that cut the run short is named once', () => {
  const failed = (subject: string, value: number | null): Finding =>
    finding('threshold_failed', { subject, data: { expression: 'p(95)<500', value } });
  expect(findingWords([failed('a', 712.123456)])).toBe('threshold failed: a p(95)<500 (was 712.1235)');
  expect(findingWords([failed('a', 712), failed('b', null)])).toBe(
    '2 thresholds failed: a p(95)<500 (was 712), b p(95)<500 (was without samples)',
  );
  const cut = finding('threshold_cut_short', { subject: 'a', data: { expression: 'p(95)<500' } });
  expect(findingWords([cut, failed('a', 712)])).toBe('threshold crossed, the run was aborted: a: p(95)<500');
  expect(findingWords([cut, failed('a', 712), failed('b', 900)])).toContain('; threshold crossed, the run was aborted');
});

it('only what decides is said, and of a run that passed what it found', () => {
  const late = finding('generator_delayed', { data: { what: 'event_loop', p99Ms: 700.4, limitMs: 500 } });
  const failed = finding('threshold_failed', { subject: 'a', data: { expression: 'count>1', value: 0 } });
  expect(findingWords([failed, late])).toBe(
    'the load generator was too slow: its event loop was blocked, by 700 ms at p99 (limit 500 ms), so the numbers say nothing about the target',
  );
  expect(findingWords([{ ...late, exit: EXIT_CODES.pass.code }])).toBe('');
  const [held, broke] = [
    { level: '04', rate: 8 },
    { level: '05', rate: null },
  ];
  expect(findingWords([finding('capacity_found', { data: { held, broke: null } })])).toBe(
    '8 flows/s held, the highest rate tried',
  );
  expect(findingWords([finding('capacity_found', { data: { held, broke } })])).toBe(
    '8 flows/s held, the rate of level 05 did not',
  );
  expect(findingWords([])).toBe('');
});

it('many reasons are cut', () => {
  const parts = Array.from({ length: 9 }, (_, at) => finding('killed', { subject: `part-${at}` }));
  expect(findingWords(parts)).toMatch(/^part-0 was killed: .*part-3 was killed[^;]*; and 5 more$/);
});
