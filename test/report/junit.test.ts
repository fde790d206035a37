import { sentenceOf } from '../../catalogue/finding-words.ts';
import { finding } from '../../catalogue/findings.ts';
import { VERDICTS, decide } from '../../catalogue/verdict.ts';
import { ofStep } from '../../contract/selector.ts';
import { visibleLines } from '../../contract/shown-text.ts';
import type { RunEnd } from '../../record/run-file.ts';
import { junitReport } from '../../report/junit.ts';
import type { ReportModel } from '../../report/model/report-model.ts';
import { END, FAILED_FLOW, flowsWith, hostileModel, modelOf, threshold, times } from './model-of.ts';
import type { Recorded } from './model-of.ts';
import { XmlDocument, XmlElement, XsdValidator } from 'libxml2-wasm';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';

const schema = XsdValidator.fromDoc(
  XmlDocument.fromString(readFileSync(new URL('junit.xsd', import.meta.url), 'utf8')),
);

interface Case {
  readonly name: string;
  readonly result: 'passed' | 'failure' | 'error' | 'skipped';
  readonly message: string;
  readonly said: string;
}

/** The test cases of a report, which must be valid; counts must be those of the cases. */
function casesOf(model: ReportModel): Case[] {
  const document = XmlDocument.fromString(junitReport(model));
  try {
    schema.validate(document);
    const elements = (path: string, from: XmlElement = document.root): XmlElement[] =>
      from.find(path).filter((node) => node instanceof XmlElement);
    for (const suite of [document.root, ...elements('testsuite')]) {
      for (const [attribute, tag] of [
        ['failures', 'failure'],
        ['errors', 'error'],
      ] as const) {
        expect(Number(suite.attr(attribute)!.value)).toBe(elements(`.//${tag}`, suite).length);
      }
      expect(Number(suite.attr('tests')!.value)).toBe(elements('.//testcase', suite).length);
    }
    return elements('testsuite/testcase').map((element) => {
      const reason = elements('failure|error|skipped', element)[0];
      return {
        name: element.attr('name')!.value,
        result: (reason?.name ?? 'passed') as Case['result'],
        message: reason?.attr('message')?.value ?? '',
        said: elements('system-out', element)[0]?.content ?? '',
      };
    });
  } finally {
    document.dispose();
  }
}

const named = (cases: readonly Case[], name: string): Case | undefined => cases.find((one) => one.name === name);

describe('A JUnit report', () => {
  it('has a case for each threshold with value, limit and margin, for each flow kind, and for what must always hold', () => {
    const thresholds = [
      threshold('step_duration{step:poll}', 'p(95)<500', 560, false),
      threshold('outcome_mismatch', 'rate<=0.01', 0.05, false),
      threshold('flows', 'count>0', 60, true),
      threshold('decision_lag', 'p(95)<3000', null, true),
    ];
    const end: RunEnd = { ...END, verdict: 'fail', exitCode: 99, thresholds, simulator: { starts: 60 } };
    const model = modelOf([...flowsWith(3), ['http_req_duration', ofStep('poll'), times(560)]], { end }, [FAILED_FLOW]);
    const cases = casesOf(model);
    expect(cases.map(({ name, result }) => `${result}: ${name}`)).toEqual([
      'failure: the run passes',
      'passed: no flow is lost',
      'passed: the record of the simulator agrees',
      'passed: the load generator kept up',
      'failure: outcome_mismatch: rate<=0.01',
      'failure: step_duration{step:poll}: p(95)<500',
      'passed: flows: count>0',
      'skipped: decision_lag: p(95)<3000',
      'passed: F1 first device paired',
      'failure: F5 push denied',
    ]);
    expect(named(cases, 'step_duration{step:poll}: p(95)<500')!.message).toBe(
      'was 560 ms, limit 500 ms (p(95)<500), 12 % beyond the limit',
    );
    expect(named(cases, 'F5 push denied')).toMatchObject({
      message: '20 flows started; 3 of 20 did not end as expected, 3 with an error',
      said: expect.stringContaining('1 × denied expected, http_error: poll: 503') as string,
    });
  });

  it('has no failure where the run passed, whatever its thresholds allowed', () => {
    const cases = casesOf(
      modelOf(flowsWith(3), { end: { ...END, thresholds: [threshold('x', 'rate<1', 0.1, true)] } }),
    );
    expect(cases.filter(({ result }) => result === 'failure' || result === 'error')).toEqual([]);
    expect(named(cases, 'F5 push denied')!.said).toContain('within the thresholds of the run');
  });

  it('calls a slow load generator an error, and no threshold a failure then', () => {
    const late = finding('generator_delayed', { data: { what: 'event_loop', p99Ms: 700, limitMs: 500 } });
    const end: RunEnd = { ...END, ...decide([late]) };
    const cases = casesOf(
      modelOf(flowsWith(3), { end: { ...end, thresholds: [threshold('x', 'p(95)<1', 2, false)] } }),
    );
    expect(cases.filter(({ result }) => result === 'failure')).toEqual([]);
    expect(named(cases, 'the load generator kept up')).toMatchObject({
      result: 'error',
      message: sentenceOf(late),
    });
    expect(named(cases, 'x: p(95)<1')!.result).toBe('skipped');
  });

  it('says where records disagree and where a flow was lost', () => {
    const counted = { simulator: { starts: 59 }, iterations: { ...END.iterations, interrupted: 0, completed: 60 } };
    const lost: Recorded = ['flows', { kind: 'F1' }, { samples: 1, sum: 1 }];
    const closed = decide([finding('flows_lost', { gate: true }), finding('records_disagree', { gate: true })]);
    const cases = casesOf(modelOf([...flowsWith(0), lost], { end: { ...END, ...counted, ...closed } }));
    expect(named(cases, 'the record of the simulator agrees')!.result).toBe('error');
    expect(named(cases, 'no flow is lost')).toMatchObject({
      result: 'error',
      message: 'flows started 61 = ended 60 + interrupted 1; iterations interrupted by the host: 0',
    });
  });

  it('says where a fault was counted otherwise by the simulator', () => {
    const seen = { fault: 'dropped', how: 'cut' };
    const recorded: readonly Recorded[] = [
      ['phase_duration', { fault: 'dropped' }, times(3)],
      ['faults_seen', seen, { samples: 5, sum: 5 }],
      ['faults_served', seen, { samples: 1, sum: 6 }],
    ];
    const message = 'fault dropped: the harness saw 5, the simulator served 6';
    const name = 'faults are counted alike on both sides';
    const closed = { ...END, ...decide([finding('faults_unequal', { gate: true })]) };
    expect(named(casesOf(modelOf(recorded, { end: closed })), name)).toMatchObject({ result: 'error', message });
    // A run that is not a gate passes with it, and so does its file.
    expect(named(casesOf(modelOf(recorded)), name)).toMatchObject({ result: 'skipped', message });
  });

  it('is never empty: of every verdict, and of a run that was killed before it did anything', () => {
    for (const verdict of VERDICTS) {
      const cases = casesOf(modelOf([], { end: { ...END, verdict, exitCode: verdict === 'pass' ? 0 : 99 } }));
      expect(named(cases, 'the run passes')!.result === 'passed').toBe(verdict === 'pass');
    }
    expect(named(casesOf(modelOf([], { end: null })), 'the run passes')!.result).toBe('error');
  });

  it('is valid XML whatever texts a record holds, and keeps what XML can hold of them, shown where it steers', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string(),
      fc.constantFrom(']]>', '<x>&', '\u0000\uFFFE\uD800'),
    );
    fc.assert(
      fc.property(text, (hostile) => {
        const kept = (
          visibleLines(hostile).match(/[\t\n\r\u0020-\uD7FF\uE000-\uFFFD]|[\u{10000}-\u{10FFFF}]/gu) ?? []
        ).join('');
        const names = casesOf(hostileModel(hostile)).map(({ name }) => name);
        expect(names).toContain(`${kept}: ${kept}`);
      }),
    );
  });
});
