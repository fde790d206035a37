import fc from 'fast-check';
import { XmlDocument } from 'libxml2-wasm';
import { describe, expect, it } from 'vitest';
import { judge } from '../../record/judge.ts';
import type { Evidence, SearchFound } from '../../record/judge.ts';
import { resultObject } from '../../cli/result.ts';
import { oneLine } from '../../cli/one-line.ts';
import { verdictLines } from '../../cli/verdict-lines.ts';
import { outcomeTableOf } from '../../record/reconciliation.ts';
import { EXIT_CODES, EXIT_PRECEDENCE } from '../../catalogue/exit-codes.ts';
import { findingWords, sentenceOf } from '../../catalogue/finding-words.ts';
import { FINDINGS, finding, kindOfFinding } from '../../catalogue/findings.ts';
import { VERDICTS, decide } from '../../catalogue/verdict.ts';
import type { Finding, FindingCode, FindingValue } from '../../catalogue/findings.ts';
import type { Cause } from '../../record/causes.ts';
import type { RunEnd, RunFile, Rules } from '../../record/run-file.ts';
import type { ThresholdResult } from '../../contract/threshold-expression.ts';
import { decodeRunFile } from '../../record/run-file.ts';
import { csvReport } from '../../report/csv.ts';
import { htmlReport } from '../../report/html/page.ts';
import { jsonReport } from '../../report/json.ts';
import { junitReport } from '../../report/junit.ts';
import { markdownReport } from '../../report/markdown.ts';
import { buildReportModel } from '../../report/model/build-report-model.ts';
import { END, FAILED_FLOW, count, foldOf, rate, times } from '../report/model-of.ts';
import type { Recorded } from '../report/model-of.ts';
import { madeRun } from '../cli/made-record.ts';

/** Endings that are tried of each property. */
const TRIED = process.env['VERDICT_SIBLINGS'] === undefined ? 120 : 400;

const CODES = Object.keys(FINDINGS) as FindingCode[];
/** The worst first. */
const WORST_FIRST: readonly number[] = [
  'invalid_configuration' as const,
  'internal_error' as const,
  ...EXIT_PRECEDENCE,
].map((name) => EXIT_CODES[name].code);
const KINDS = ['F1', 'F5', 'F7', 'unheard of'];
const OUTCOMES = ['device_paired', 'denied', 'authenticated', 'bypassed', 'http_error', 'unheard of'];
const SELECTORS = [
  'flows',
  'flows{kind:F1}',
  'outcome_mismatch',
  'http_req_duration{peer:pf}',
  'decision_lag',
  'dropped_iterations',
];
const EXPRESSIONS = ['p(95)<500', 'rate==0', 'count>0', 'max<=3', 'nonsense'];

const text = fc.oneof(
  fc.string({ maxLength: 12, unit: 'binary' }),
  fc.constantFrom('', '__proto__', 'constructor', '<failure/>', '**PASS**', '✅', '|`\n#', 'F1'),
);
const number = fc.oneof(fc.integer({ min: 0, max: 500 }), fc.double({ noNaN: true, noDefaultInfinity: true }));
const plain = fc
  .oneof(number, text, fc.constant(null), fc.boolean(), fc.jsonValue({ maxDepth: 2 }))
  .map((value) => value as FindingValue);
/** Names of the data that sentences are made of, and others. */
const dataName = fc.oneof(
  fc.constantFrom(
    ...['message', 'text', 'kinds', 'places', 'errors', 'flows', 'ended', 'held', 'broke', 'expression', 'value'],
    ...['started', 'interrupted', 'seen', 'served', 'what', 'p99Ms', 'maxMs', 'code', 'most', 'level', 'rate'],
  ),
  text,
);
const data = fc.dictionary(dataName, plain, { maxKeys: 6 });
const exits = Object.values(EXIT_CODES).map(({ code }) => code);

/** A finding of this version, as some part of Pairstorm makes it. */
const proper = (gate: boolean): fc.Arbitrary<Finding> =>
  fc
    .record({ code: fc.constantFrom(...CODES), subject: text, data })
    .map(({ code, ...rest }) => finding(code, { ...rest, gate }));
/** Whatever may stand in a file. */
const edited: fc.Arbitrary<Finding> = fc.record({
  code: fc.oneof(fc.constantFrom<string>(...CODES), text),
  exit: fc.oneof(fc.constantFrom(...exits), fc.integer({ min: 0, max: 255 })),
  subject: text,
  data,
});

const threshold: fc.Arbitrary<ThresholdResult> = fc.record({
  metric: fc.constantFrom(...SELECTORS),
  expression: fc.constantFrom(...EXPRESSIONS),
  value: fc.option(number, { nil: null }),
  ok: fc.boolean(),
});
const thresholds = fc.array(threshold, { maxLength: 5 });
const oddThresholds = fc.array(
  fc.oneof(
    threshold,
    fc.record({ metric: text, expression: text, value: fc.option(number, { nil: null }), ok: fc.boolean() }),
  ),
  { maxLength: 4 },
);

const flow = fc.record({
  kind: fc.constantFrom(...KINDS),
  outcome: fc.option(fc.constantFrom(...OUTCOMES), { nil: undefined }),
  off: fc.boolean(),
  times: fc.integer({ min: 1, max: 300 }),
});
/** What was recorded of some flows; one without an outcome was interrupted. */
const recorded: fc.Arbitrary<readonly Recorded[]> = fc
  .record({
    flows: fc.array(flow, { maxLength: 5 }),
    errors: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
    seen: fc.integer({ min: 0, max: 2 }),
    served: fc.integer({ min: 0, max: 2 }),
  })
  .map(({ flows, errors, seen, served }) => [
    ...flows.flatMap(({ kind, outcome, off, times: n }): Recorded[] => [
      ['flows', { kind }, count(n)],
      ...(outcome === undefined
        ? []
        : ([
            ['flow_outcomes', { kind, outcome }, count(n)],
            ['outcome_mismatch', { kind }, rate(off || outcome === 'bypassed' ? n : 0, n)],
          ] as const)),
      ...(off ? ([['off_path', { kind, status: 'PAIRING', path: 'missing' }, count(1)]] as const) : []),
    ]),
    ['starts_answered', {}, count(flows.length)],
    ['http_reqs', {}, count(4_000)],
    ['http_req_duration', { peer: 'pf', name: 'poll' }, times(12, 40)],
    ...(errors === undefined ? [] : ([['generator_failed_requests', { error: 'EMFILE' }, count(errors)]] as const)),
    ['faults_seen', { fault: 'slow', how: 'named' }, count(seen)],
    ['faults_served', { fault: 'slow', how: 'named' }, count(served)],
  ]);

const iterations = fc
  .record({
    ...{ completed: fc.integer({ min: 0, max: 300 }), interrupted: fc.integer({ min: 0, max: 9 }) },
    ...{ dropped: fc.integer({ min: 0, max: 9 }), thrown: fc.option(fc.double({ min: 0, max: 1, noNaN: true })) },
    derived: fc.boolean(),
  })
  .map(({ completed, interrupted, dropped, thrown, derived }): RunEnd['iterations'] => ({
    ...{ completed, interrupted, dropped, started: completed + interrupted },
    planned: completed + interrupted + dropped,
    ...(thrown === null ? {} : { thrown: Math.round(thrown * completed) }),
    ...(derived ? { derived } : {}),
  }));
const lateness = fc.record({ p99Ms: fc.integer({ min: 0, max: 900 }), maxMs: fc.integer({ min: 0, max: 3_000 }) });
const ownDelay = fc.option(
  fc.record({
    ...{ eventLoop: lateness, startLag: fc.option(lateness, { nil: null }), cpuCores: fc.constant(1) },
    gc: fc.constant({ share: 0.01, maxMs: 4 }),
    stalls: fc.option(
      fc.record({ lostMs: fc.integer({ min: 0, max: 3_000 }), maxMs: fc.integer({ min: 0, max: 2_000 }) }),
      {
        nil: undefined,
      },
    ),
  }),
);
const rules: fc.Arbitrary<Rules> = fc.record({
  ...{ gate: fc.boolean(), allowInvalid: fc.boolean(), allowNoSamples: fc.boolean() },
  maxThrown: fc.constantFrom(0, 0.01, 0.5, 1),
});
const search: fc.Arbitrary<SearchFound | undefined> = fc.option(
  fc.constantFrom<SearchFound>(
    { data: { held: { level: '01', rate: 4 }, broke: null }, ended: () => false },
    {
      data: { held: { level: '01', rate: 4 }, broke: { level: '02', rate: 8 } },
      ended: (metric) => metric === 'dropped_iterations',
    },
  ),
  { nil: undefined },
);

/** What is known of a run that has ended, and what was told of it. */
const evidence: fc.Arbitrary<Evidence & { readonly recorded: readonly Recorded[] }> = rules.chain((rule) =>
  fc
    .record({
      recorded,
      run: fc.record({
        script: fc.constantFrom('smoke', 'load'),
        host: fc.constantFrom<RunFile['host'][]>('engine', 'k6'),
        settings: fc.constantFrom<RunFile['settings'][]>({}, { MAX_UNEXPECTED: '0.2' }, { MAX_UNEXPECTED: 'many' }),
      }),
      end: fc.record({
        ...{ durationMs: fc.integer({ min: 0, max: 90_000 }), iterations, thresholds, ownDelay },
        simulator: fc.option(fc.record({ starts: fc.integer({ min: 0, max: 900 }) }), { nil: null }),
      }),
      told: fc.array(proper(rule.gate), { maxLength: 3 }),
      search,
      firstThrown: fc.option(text, { nil: undefined }),
    })
    .map((one) => ({ ...one, rules: rule, totals: foldOf(one.recorded).totals })),
);

const causes: fc.Arbitrary<readonly Cause[]> = fc.array(
  fc.record({
    ...{ outcome: text, expected: text, at: text, step: text, error: text, reason: text },
    offPath: fc.constantFrom('', 'missing PAIRING', 'odd'),
    ...{ flows: fc.integer({ min: 1, max: 60 }), line: fc.integer({ min: 0, max: 3 }) },
    kinds: fc.dictionary(text, fc.integer({ min: 1, max: 60 }), { maxKeys: 6 }),
  }),
  { maxLength: 3 },
);

/** A record with its contents, in whatever way it came about. */
interface Record {
  readonly run: RunFile;
  readonly recorded: readonly Recorded[];
}

/** A run that was judged and written down. */
const judged: fc.Arbitrary<Record> = fc.tuple(evidence, causes).map(([one, why]) => {
  const judgement = judge(one);
  const reason = findingWords(judgement.findings);
  const end: RunEnd = {
    ...{ endedAt: END.endedAt, failures: END.failures, ...one.end, rules: one.rules, causes: why },
    ...judgement,
    ...(reason === '' ? {} : { reason }),
  };
  return { run: madeRun({ ...one.run, end }), recorded: one.recorded };
});

/** What somebody may hand in: of before, without findings, with findings that its exit code contradicts. */
const written: fc.Arbitrary<Record> = fc
  .record({
    ...{ recorded, iterations, ownDelay, causes, thresholds: oddThresholds },
    version: fc.constantFrom(1, 2),
    verdict: fc.constantFrom(...VERDICTS),
    exitCode: fc.oneof(fc.constantFrom(...exits), fc.integer({ min: 0, max: 255 })),
    findings: fc.option(fc.array(edited, { maxLength: 4 }), { nil: undefined }),
    reason: fc.option(text, { nil: undefined }),
    starts: fc.option(fc.integer({ min: 0, max: 900 }), { nil: undefined }),
  })
  .map(({ recorded: series, version, starts, ...end }) => {
    const simulator = starts === undefined ? null : { starts };
    const file = { ...madeRun(), version, end: { ...END, ...end, simulator } };
    return { run: decodeRunFile(JSON.parse(JSON.stringify(file)), 'run.json'), recorded: series };
  });

const killed: fc.Arbitrary<Record> = fc
  .record({ recorded, thresholds: oddThresholds })
  .map(({ recorded: series, thresholds: set }) => ({ run: madeRun({ end: null, thresholds: set }), recorded: series }));

/** What only a run that passed says. */
const PASSED = /held\.$|The run finished|had a sample to judge|had nothing to judge/;

/** Reads every form of a record, and looks whether they say the same. */
function agree({ run, recorded: series }: Record): void {
  const fold = foldOf(series);
  const model = buildReportModel(run, fold, [FAILED_FLOW], 'results/one');
  const { end } = run;
  const verdict = end?.verdict ?? 'killed';
  const passed = verdict === 'pass';
  const exitCode = end?.exitCode ?? null;
  if (end !== null) {
    expect(decide(end.findings)).toEqual({ verdict, exitCode, findings: end.findings });
    expect(passed).toBe(exitCode === 0);
    expect(resultObject(end, outcomeTableOf(fold.totals))).toMatchObject({ verdict, exitCode, findings: end.findings });
    if (!passed) expect(findingWords(end.findings)).not.toBe('');
    end.findings.forEach((one) => expect(sentenceOf(one)).not.toBe(''));
    // A round trip through the file.
    expect(decodeRunFile(JSON.parse(JSON.stringify(run)), 'run.json').end).toEqual(JSON.parse(JSON.stringify(end)));
  }
  const { word, sentence } = model.verdict;
  expect(model.verdict).toMatchObject({ verdict, exitCode });
  const { doubts, judged: wasJudged } = model.verdict;
  const sure = passed && wasJudged && doubts.length === 0;
  expect(word === 'PASS').toBe(sure);
  doubts.forEach((doubt) => expect(verdictLines(model.verdict)).toContain(`  ! ${oneLine(doubt)}`));
  expect(sentence).not.toBe('');
  if (!passed) expect(sentence).not.toMatch(PASSED);
  expect(verdictLines(model.verdict).some((line) => line === 'why:')).toBe(model.verdict.causes.length > 0);
  if (passed) expect(model.verdict.causes).toEqual([]);

  const junit = junitReport(model);
  XmlDocument.fromString(junit).dispose();
  const red = junit.match(/<(failure|error)[ >]/g)?.length ?? 0;
  if (passed) expect(red, junit).toBe(0);
  else expect(red, junit).toBeGreaterThan(0);

  const [head = ''] = markdownReport(model).split('\n');
  expect(head).toContain(`**${word}**`);
  expect(head.startsWith(sure ? '### ✅ ' : verdict === 'fail' ? '### ❌ ' : '### ⚠️ ')).toBe(true);

  const json = JSON.parse(jsonReport(model)) as { verdict: object; findings: unknown };
  expect(json.verdict).toMatchObject({ verdict, exitCode, word });
  expect(json.findings).toEqual(JSON.parse(JSON.stringify(end?.findings ?? [])));

  const page = htmlReport(model);
  expect(page).toContain(`<title>${word}: `);
  expect(page.includes('class="verdict pass"')).toBe(sure);
  csvReport(model);
}

describe('What is said of a run', () => {
  it('is the same in every form, of a run that was judged', () => {
    fc.assert(fc.property(judged, agree), { numRuns: TRIED });
  });

  it('is the same in every form, of a record of before, and of one that was edited', () => {
    fc.assert(fc.property(written, agree), { numRuns: TRIED });
  });

  it('is the same in every form, of a run that was killed', () => {
    fc.assert(fc.property(killed, agree), { numRuns: TRIED / 4 });
  });
});

const badness = (exit: number): number => WORST_FIRST.length - WORST_FIRST.indexOf(exit);

describe('The judge', () => {
  it('is never made milder by something that was found beside', () => {
    fc.assert(
      fc.property(evidence, fc.constantFrom(...CODES), text, data, (one, code, subject, more) => {
        // What ends a run before its plan is over excuses what it interrupted. Whoever allows the first, or has a search that ends so,
        // allows the second.
        fc.pre(
          !(code === 'worker_lost' && one.rules.allowInvalid) &&
            !(code === 'threshold_cut_short' && one.search !== undefined),
        );
        const told = [...one.told, finding(code, { subject, data: more, gate: one.rules.gate })];
        expect(badness(judge({ ...one, told }).exitCode)).toBeGreaterThanOrEqual(badness(judge(one).exitCode));
      }),
      { numRuns: TRIED * 4 },
    );
  });

  it('holds of the whole what was found of a part, by the rules of the whole', () => {
    const stricter = ({ gate, allowInvalid, allowNoSamples, maxThrown }: Rules, part: Rules): Rules => ({
      ...{ gate: gate || part.gate, allowInvalid: allowInvalid && part.allowInvalid },
      ...{ allowNoSamples: allowNoSamples && part.allowNoSamples, maxThrown: Math.min(maxThrown, part.maxThrown) },
    });
    fc.assert(
      fc.property(evidence, evidence, rules, (one, other, asked) => {
        const parts = [one, other].map((part) =>
          judge(part).findings.filter(({ code }) => kindOfFinding(code)?.merged === 'carried'),
        );
        const whole = { ...one, recorded: [], totals: foldOf([...one.recorded, ...other.recorded]).totals };
        const judgement = judge({
          ...whole,
          told: parts.flat(),
          rules: stricter(stricter(asked, one.rules), other.rules),
        });
        for (const carried of parts) {
          expect(badness(judgement.exitCode)).toBeGreaterThanOrEqual(badness(decide(carried).exitCode));
        }
        // A gate over parts that were none closes as they would have.
        const gate: Rules = { ...asked, gate: true, allowInvalid: false };
        const strict = judge({ ...whole, told: parts.flat(), rules: gate });
        for (const { code } of parts.flat()) {
          const kind = kindOfFinding(code)!;
          if ('gate' in kind)
            expect(badness(strict.exitCode)).toBeGreaterThanOrEqual(badness(EXIT_CODES[kind.exit].code));
        }
      }),
      { numRuns: TRIED * 2 },
    );
  });
});
