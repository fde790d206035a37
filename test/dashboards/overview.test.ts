import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { METRIC_MODELS } from '../../contract/metric-models.ts';
import { DASHBOARDS } from '../../dashboards/catalogue.ts';
import { BUILT_IN_METRICS } from '../../dashboards/prometheus-names.ts';
import type { LabelOf, MetricOfType } from '../../dashboards/prometheus-names.ts';

const folder = new URL('../../dashboards/', import.meta.url);

interface PanelJson {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly { readonly refId: string; readonly expr: string; readonly datasource: { uid: string } }[];
}

/** Prometheus names that remote write gives to a metric of each type (k6 documentation). */
const SUFFIXES = { counter: ['_total'], gauge: [''], rate: ['_rate'], trend: ['_p95', '_p99', '_max'] } as const;
const known = new Map<string, string>(
  Object.entries({ ...METRIC_MODELS, ...BUILT_IN_METRICS }).flatMap(([metric, { type }]) =>
    SUFFIXES[type].map((suffix) => [`k6_${metric}${suffix}`, metric] as const),
  ),
);
const namesIn = (text: string): string[] => text.match(/\bk6_[a-z0-9_]+/g) ?? [];

test('dashboards/ holds the JSON of every dashboard and of no other', () => {
  expect(readdirSync(folder).filter((file) => file.endsWith('.json'))).toEqual(Object.keys(DASHBOARDS).sort());
});

describe.each(Object.entries(DASHBOARDS))('%s', (file, build) => {
  const json = build();
  const model = JSON.parse(json) as {
    panels: PanelJson[];
    templating: { list: { name: string; query: unknown; datasource?: { uid: string } }[] };
  };
  const graphs = model.panels.filter((panel) => panel.type !== 'row');

  test('is what its TypeScript makes (npm run dashboards writes it)', () => {
    expect(readFileSync(new URL(file, folder), 'utf8')).toBe(json);
  });

  test('asks only for metrics that the catalogue or k6 has, by the names that remote write gives them', () => {
    const names = namesIn(json);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect([...known.keys()]).toContain(name);
  });

  test('lets the reader pick data source, run and scenario, and names no data source itself', () => {
    expect(model.templating.list.map((variable) => variable.name)).toEqual(['datasource', 'testid', 'scenario']);
    const sources = [
      ...model.templating.list.flatMap((variable) => variable.datasource ?? []),
      ...graphs.flatMap((panel) => [panel.datasource, ...(panel.targets ?? []).map((target) => target.datasource)]),
    ];
    for (const source of sources) expect(source?.uid).toBe('${datasource}');
  });

  test('limits every query to the run that was picked', () => {
    for (const { title, targets = [] } of graphs) {
      expect(targets.length, title).toBeGreaterThan(0);
      for (const { expr } of targets) {
        expect(expr.split('testid=~"$testid"').length - 1, title).toBe(namesIn(expr).length);
        expect(expr.split('(').length, title).toBe(expr.split(')').length);
      }
      expect(new Set(targets.map((target) => target.refId)).size).toBe(targets.length);
    }
  });

  test('numbers its panels, each once', () => {
    const ids = model.panels.map((panel) => panel.id);
    expect(ids.every((id) => id > 0)).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('shows no average', () => {
    expect(json).not.toMatch(/\bavg|"mean"|_avg\b/);
  });
});

test('the overview shows every metric of the catalogue', () => {
  const shown = new Set(namesIn(DASHBOARDS['overview.json']!()).map((name) => known.get(name)));
  expect(Object.keys(METRIC_MODELS).filter((metric) => !shown.has(metric))).toEqual([]);
});

test('a wrong metric name or label does not compile', () => {
  expectTypeOf<'flows'>().toExtend<MetricOfType<'counter'>>();
  expectTypeOf<'flow'>().not.toExtend<MetricOfType<'counter'>>();
  expectTypeOf<'decision_lag'>().not.toExtend<MetricOfType<'rate'>>();
  expectTypeOf<'kind'>().toExtend<LabelOf<'flows'>>();
  expectTypeOf<'outcome'>().not.toExtend<LabelOf<'flows'>>();
});
