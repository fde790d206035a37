import { figureWords } from './figure-words.ts';
import { invariants } from './invariants.ts';
import { junitXml } from './junit-xml.ts';
import type { Case } from './junit-xml.ts';
import { LEVEL_HEADS, levelCells, levelName } from './level-words.ts';
import { sideWords } from './model/error-rows.ts';
import { thresholdWords } from './threshold-words.ts';
import { counted } from './quantity.ts';
import type { FlowKindRow, ReportModel, VerdictView } from './model/report-model.ts';

/** Maximum number of reasons per test case. */
const MOST_REASONS = 10;

/**
 * The report as JUnit XML, in the dialect that Jenkins and GitLab read: a test case for each threshold, rate of a
 * capacity search, flow kind and invariant, so no suite is ever empty. Failures are the target's. If the run itself went wrong (generator too slow,
 * stopped, killed), that is an error, and thresholds that then say nothing are skipped.
 */
export function junitReport(model: ReportModel): string {
  const suites: readonly (readonly [string, readonly Case[]])[] = [
    ['run', runCases(model)],
    ['thresholds', thresholdCases(model)],
    ['levels', levelCases(model)],
    ['flows', flowCases(model)],
    ['drift', driftCases(model)],
    ['resilience', resilienceCases(model)],
  ];
  const { run } = model;
  const seconds = (run.durationMs / 1_000).toFixed(3);
  const properties = {
    testid: run.testid,
    target: run.target ?? '',
    simulated: String(run.simulated),
    seed: String(run.seed ?? ''),
    pairstorm: run.pairstorm,
  };
  return junitXml(
    `pairstorm ${run.script}`,
    seconds,
    suites
      .filter(([, cases]) => cases.length > 0)
      .map(([name, cases]) => ({
        ...{ name: `pairstorm.${run.script}.${name}`, startedAt: run.startedAt, properties, cases },
        time: name === 'run' ? seconds : '0',
      })),
  );
}

/** Verdicts for which the run itself is to blame, not the target. */
const ERRORS: readonly ReportModel['verdict']['verdict'][] = ['interrupted', 'aborted', 'invalid', 'error', 'killed'];

function runCases(model: ReportModel): readonly Case[] {
  const { verdict } = model;
  const result = verdict.verdict === 'pass' ? 'passed' : ERRORS.includes(verdict.verdict) ? 'error' : 'failure';
  const sides = sideWords(model.errors);
  const exit = verdict.exitCode === null ? 'killed' : `exit code ${verdict.exitCode}`;
  return [
    {
      name: 'the run passes',
      result,
      message: whyWords(verdict),
      said: [
        model.answer.sentence,
        ...model.highlights.map(figureWords),
        `${verdict.word}, ${exit}: ${verdict.sentence}`,
        ...verdict.doubts,
        ...(sides === '' ? [] : [`failed requests: ${sides}`]),
      ].join('\n'),
    },
    ...invariants(model).map(({ name, state, says }): Case => {
      // Doubts about a run that passed matter to a gate only; this file must not contradict the exit code.
      const broken = verdict.verdict === 'pass' ? 'skipped' : 'error';
      const results = { holds: 'passed', broken, unknown: 'skipped' } as const;
      return { name, result: results[state], message: says, said: says };
    }),
  ];
}

/** The verdict's sentence, the remedy, and the causes: all that is known about a failure. */
function whyWords({ sentence, remedy, causes }: VerdictView): string {
  const list = causes.flatMap((cause) => [
    `- ${cause.text}`,
    ...(cause.remedy === '' ? [] : [`  → ${cause.remedy}`]),
    ...(cause.command === '' ? [] : [`  see one: ${cause.command}`]),
  ]);
  return [sentence, ...(remedy === '' ? [] : [`→ ${remedy}`]), ...list].join('\n');
}

function thresholdCases({ thresholds, verdict, findings }: ReportModel): readonly Case[] {
  const unjudged = findings.filter(({ code, exit }) => code === 'not_judged' && exit !== 0);
  return thresholds.map((threshold): Case => {
    const said = thresholdWords(threshold);
    const name = `${threshold.metric}: ${threshold.expression}`;
    if (threshold.ok && threshold.value !== null) return { name, result: 'passed', message: '', said };
    if (threshold.ok) {
      const { metric, expression } = threshold;
      const closes = unjudged.some(({ subject, data }) => subject === metric && data['expression'] === expression);
      const result = closes && verdict.verdict !== 'pass' ? 'failure' : 'skipped';
      return { name, result, message: 'no sample to judge', said };
    }
    if (verdict.verdict === 'invalid') {
      return {
        name,
        result: 'skipped',
        message: `${said}; the run is invalid, so this says nothing about the target`,
        said,
      };
    }
    if (verdict.verdict === 'pass') {
      return { name, result: 'skipped', message: `${said}; ${verdict.sentence}`, said };
    }
    return { name, result: 'failure', message: said, said };
  });
}

/** A case for each rate of a capacity search. To find the one that breaks is its purpose, so that is no failure of its own. */
function levelCases({ levels }: ReportModel): readonly Case[] {
  return levels
    .filter(({ ending }) => ending !== null)
    .map((level): Case => {
      const figures = levelCells(level).map((cell, at) => `${LEVEL_HEADS[at]!} ${cell}`);
      const said = `${level.ending!}: ${figures.join(', ')}`;
      return {
        name: `${levelName(level)} holds`,
        result: level.ending === 'held' ? 'passed' : 'skipped',
        message: said,
        said,
      };
    });
}

function flowCases({ flows, failures, verdict }: ReportModel): readonly Case[] {
  return (flows?.kinds ?? []).map((row): Case => {
    const errors = row.outcomes.reduce((sum, { problem, count }) => sum + (problem ? count : 0), 0);
    const wrong = row.notAsPrescribed > 0 || errors > 0;
    const reasons = failures.groups
      .filter(({ kind }) => kind === row.kind)
      .slice(0, MOST_REASONS)
      .map(({ count, prescribed, outcome, reason }) => `${count} × ${prescribed} expected, ${outcome}: ${reason}`);
    const message = kindWords(row, errors);
    // What the thresholds of a passed run allow is not a failure; this file must not contradict the exit code.
    const result = !wrong
      ? 'passed'
      : verdict.verdict === 'pass'
        ? 'passed'
        : verdict.verdict === 'invalid'
          ? 'skipped'
          : 'failure';
    const within = wrong && verdict.verdict === 'pass' ? ['within the thresholds of the run'] : [];
    const outcomes = row.outcomes.map(({ outcome, count }) => `${outcome} ${count}`).join(', ');
    return {
      name: `${row.kind} ${row.title}`,
      result,
      message,
      said: [message, `outcomes: ${outcomes}`, ...within, ...reasons].join('\n'),
    };
  });
}

/** A case for each series but the load generator's own: of what is not known nothing passes and nothing fails. */
function driftCases({ drift, verdict }: ReportModel): readonly Case[] {
  const judged = drift?.verdict.series.filter(({ kind }) => kind !== 'generator') ?? [];
  const sentences = new Map(drift?.rows.map(({ name, sentence }) => [name, sentence]));
  const says = verdict.verdict === 'invalid' ? 'skipped' : 'failure';
  const results = { drifts: says, steady: 'passed', not_known: 'skipped' } as const;
  return judged.map(({ name, verdict: is }): Case => {
    const said = sentences.get(name) ?? '';
    return { name: `${name} is steady`, result: results[is], message: said, said };
  });
}

/** A case for each expectation: without an experiment it is an error, and what is not known fails only if `--strict` says so. */
function resilienceCases({ resilience, verdict, findings }: ReportModel): readonly Case[] {
  const fails = verdict.verdict === 'invalid' ? 'skipped' : 'failure';
  const strict = findings.some(({ code, exit }) => code === 'hypothesis_not_known' && exit !== 0);
  const results = { passed: 'passed', failed: fails, not_known: strict ? fails : 'skipped', error: 'error' } as const;
  return (resilience?.cases ?? []).map(({ fault, name, outcome, sentence }): Case => ({
    ...{ name, group: `resilience.${fault}`, result: results[outcome], message: sentence, said: sentence },
  }));
}

function kindWords({ started, judged, notAsPrescribed, interrupted }: FlowKindRow, errors: number): string {
  const cutOff = interrupted === 0 ? '' : `, ${interrupted} interrupted`;
  return `${counted(started, 'flow')} started${cutOff}; ${notAsPrescribed} of ${judged} did not end as expected, ${errors} with an error`;
}
