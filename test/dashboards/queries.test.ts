import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MARK } from '../../dashboards/marks.ts';
import { PUSH_INTERVAL } from '../../dashboards/house-style.ts';
import { trendName } from '../../catalogue/metric-models.ts';
import { alerts } from '../../dashboards/rules/alerts.ts';
import { recordedNames } from '../../dashboards/rules/recorded-names.ts';
import { recordingRules } from '../../dashboards/rules/recording-rules.ts';
import { committed, expressionsOf, queryOf } from './dashboard-json.ts';
import { FAULTS, TESTID, WINDOWS, playRun } from './played-run.ts';
import type { PlayedRun } from './played-run.ts';
import { hasPrometheus } from '../cli/real-prometheus.ts';
import type { Series } from '../cli/real-prometheus.ts';

/** What Grafana puts into a query before it sends it: its own variables, and those of the dashboards, "All" being chosen. */
const written = (expr: string, run: PlayedRun): string =>
  expr
    // The run sends every second, not every five, and its phases are that short.
    .replaceAll(`$__rate_interval:${PUSH_INTERVAL}`, '4s:1s')
    .replaceAll(`[${MARK}:${PUSH_INTERVAL}]`, '[4s:1s]')
    .replaceAll(`offset ${MARK}`, 'offset 1s')
    .replaceAll('$__rate_interval', '4s')
    .replaceAll('$__range', `${Math.ceil(run.endS - run.startS)}s`)
    .replaceAll('$window', WINDOWS.hour)
    .replaceAll('$budget', '0.01')
    .replaceAll('$testid', TESTID)
    .replace(/\$(scenario|instance|pf_job|pf_node)\b/g, '.*');

/** Series that hold a number at some time. */
const withNumbers = (series: readonly Series[]): readonly Series[] =>
  series.filter(({ values }) => values.some(([, value]) => Number.isFinite(Number(value))));

/**
 * What a run has no series of where the machine lacks nothing, and where no browser meets an error in JSON while it waits
 * (test/cli/storm.test.ts plays that), where polls do not overlap, and of levels where none are searched: Prometheus must
 * take such a query, whatever it answers.
 */
const RARE = /pairstorm_generator_failed_requests_total|"storm"|storm_duration|k6_late_polls_total|by \(level\)/;

/** A resilience run takes its time: `npm run check:dashboards` has it, `npm test` has not. */
const hasRun = process.env['DASHBOARD_QUERIES'] !== undefined && hasPrometheus();
let run: PlayedRun;
/** When the last of the figures was there that a query about drift begins with: its time range is to begin with the load. */
let loadedS: number;
const over = async (expr: string): Promise<readonly Series[]> => {
  const from = expr.includes('@ start()') ? loadedS : run.startS;
  return withNumbers(await run.prometheus.range(written(expr, run), from, run.endS, 1));
};
const atEnd = async (expr: string): Promise<readonly Series[]> =>
  withNumbers(await run.prometheus.at(written(expr, run), run.endS));

describe.skipIf(!hasRun)('against a real Prometheus that a real run sent to', () => {
  beforeAll(async () => {
    run = await playRun();
    const decisions = trendName('decision_lag', 'count');
    loadedS = (await run.prometheus.range(decisions, run.startS, run.endS, 1))[0]!.values[0]![0];
  }, 120_000);
  afterAll(async () => {
    await (run as PlayedRun | undefined)?.close();
  });

  test('nothing of Grafana’s own is left in a query', () => {
    for (const [, json] of committed) {
      for (const expr of expressionsOf(json)) expect(written(expr, run)).not.toContain('$');
    }
  });

  describe.each(committed)('%s', (_file, { panels, annotations, templating }) => {
    const queries = panels.flatMap(({ title, targets = [] }) => targets.map((target) => ({ title, ...target })));

    test.each(queries)(
      '$title ($refId) has data, and the labels that its legend names',
      async ({ expr, instant, legendFormat }) => {
        const series = await (instant === true ? atEnd(expr) : over(expr));
        if (RARE.test(expr)) return;
        expect(series.length, expr).toBeGreaterThan(0);
        for (const [, label] of (legendFormat ?? '').matchAll(/\{\{(\w+)\}\}/g)) {
          expect(
            series.some(({ metric }) => metric[label!] !== undefined),
            `${label}: ${expr}`,
          ).toBe(true);
        }
      },
    );

    test.each(annotations.list)('annotation "$name" has marks', async ({ expr }) => {
      const series = await over(expr);
      if (!RARE.test(expr)) expect(series.length, expr).toBeGreaterThan(0);
    });

    test.each(templating.list.filter((variable) => queryOf(variable) !== undefined))(
      'variable $name has values',
      async (variable) => {
        const [, series, label] = /^label_values\((.*), (\w+)\)$/.exec(queryOf(variable)!)!;
        const found = await over(series!);
        expect(found.some(({ metric }) => metric[label!] !== undefined)).toBe(true);
      },
    );
  });

  test('the marks are where the run began, each phase and each fault', async () => {
    const [, { annotations }] = committed[0]!;
    const marks = async (name: string): Promise<readonly Series[]> =>
      over(annotations.list.find((annotation) => annotation.name === name)!.expr);
    const begun = await marks('Run starts');
    expect(begun.map(({ metric }) => metric['testid'])).toEqual([TESTID]);
    expect(begun[0]!.values.length).toBe(1);
    for (const name of ['Fault starts', 'Fault ends']) {
      expect((await marks(name)).map(({ metric }) => metric['fault']).sort(), name).toEqual([...FAULTS].sort());
    }
    expect((await marks('Phase starts')).map(({ metric }) => metric['phase'])).toEqual(
      expect.arrayContaining(['steady', 'fault', 'recovery']),
    );
  });

  test.each(recordingRules(WINDOWS).rules)('Prometheus keeps $record', async (rule) => {
    const { record } = rule as { readonly record: string };
    const series = await over(record);
    expect(series.length, rule.expr).toBeGreaterThan(0);
    for (const { metric } of series) expect(metric['testid']).toBe(TESTID);
  });

  test.each(alerts(WINDOWS))('what $name judges has data', async ({ value }) => {
    expect((await over(value)).length, value).toBeGreaterThan(0);
  });

  test('the alerts that this run asks for are those that come', async () => {
    const states = await over('ALERTS');
    const come = new Set(states.map(({ metric }) => metric['alertname']));
    for (const name of ['PairstormErrorBudgetBurning', 'PairstormArrivalsDropped']) expect([...come]).toContain(name);
    expect(Object.values(recordedNames(WINDOWS)).length).toBe(recordingRules(WINDOWS).rules.length);
  });
});
