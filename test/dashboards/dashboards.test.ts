import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { FAULT_METRICS, METRICS } from '../../catalogue/metrics.ts';
import { DASHBOARDS } from '../../dashboards/catalogue.ts';
import { dashboardJson } from '../../dashboards/dashboard.ts';
import type { LabelOf, MetricOfType } from '../../catalogue/metric-models.ts';
import { alerts } from '../../dashboards/rules/alerts.ts';
import { RULE_WINDOWS } from '../../dashboards/rules/rule-file.ts';
import { RUNBOOK_OF_PANEL } from '../../dashboards/runbook-links.ts';
import { RUN_FACTS } from '../../dashboards/run-facts.ts';
import { END_FACTS, PLAN_FACTS } from '../../engine/outputs/prometheus/run-facts.ts';
import { FOLDER, committed, expressionsOf, queryOf } from './dashboard-json.ts';
import { allNames, namesIn, runNames } from './known-names.ts';

test('dashboards/ holds the JSON of every dashboard and of no other', () => {
  expect(readdirSync(FOLDER).filter((file) => file.endsWith('.json'))).toEqual(Object.keys(DASHBOARDS).sort());
});

describe.each(committed)('%s', (file, json) => {
  const expressions = expressionsOf(json);
  const panels = json.panels.filter(({ type }) => type !== 'row');
  const graphs = panels.filter(({ type }) => type !== 'text');

  test('is what its TypeScript makes (npm run dashboards writes it)', () => {
    expect(readFileSync(new URL(file, FOLDER), 'utf8')).toBe(dashboardJson(DASHBOARDS[file]!()));
  });

  test('asks only for series that a run, its generator, the simulator or a PingFederate has', () => {
    const names = expressions.flatMap(namesIn);
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !allNames.has(name))).toEqual([]);
  });

  test('lets the reader pick data source, run, scenario and load generator, several at a time, and names no data source', () => {
    const variables = json.templating.list;
    expect(variables.slice(0, 4).map(({ name }) => name)).toEqual(['datasource', 'testid', 'scenario', 'instance']);
    for (const variable of variables.filter((variable) => queryOf(variable) !== undefined)) {
      expect(variable).toMatchObject({ multi: true, includeAll: true, allValue: '.*' });
    }
    const sources = [
      ...variables.flatMap(({ datasource }) => datasource ?? []),
      ...json.annotations.list.map(({ datasource }) => datasource),
      ...graphs.flatMap((panel) => [panel.datasource!, ...(panel.targets ?? []).map(({ datasource }) => datasource)]),
    ];
    for (const { uid } of sources) expect(uid).toBe('${datasource}');
  });

  test('limits every series of a run to the run and the load generator that were picked', () => {
    const queries = [...graphs.flatMap(({ targets = [] }) => targets), ...json.annotations.list];
    for (const { expr } of queries) {
      const ofRuns = namesIn(expr).filter(
        (name) => /^(k6|pairstorm)_/.test(name) && !name.startsWith('pairstorm_simulator_'),
      );
      expect(expr.split('testid=~"$testid"').length - 1, expr).toBe(ofRuns.length);
      expect(expr.split('instance=~"$instance"').length - 1, expr).toBe(ofRuns.length);
      expect(expr.split('(').length, expr).toBe(expr.split(')').length);
    }
  });

  test('numbers its panels and queries, each once, and says of each panel what it shows, in which unit', () => {
    const ids = json.panels.map(({ id }) => id);
    expect(ids.every((id) => id > 0)).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { title, description, fieldConfig, targets = [] } of graphs) {
      expect(description, title).toMatch(/^[A-Z].{10,}[.?]$/s);
      expect(fieldConfig?.defaults.unit, title).toBeDefined();
      expect(targets.length, title).toBeGreaterThan(0);
      expect(new Set(targets.map(({ refId }) => refId)).size, title).toBe(targets.length);
    }
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
  });

  test('lays its panels out side by side, none over another, each line as wide as the page', () => {
    const taken = new Map<number, number>();
    for (const { gridPos, title } of json.panels) {
      const { x, y, w, h } = gridPos;
      for (let line = y; line < y + h; line++) {
        expect(taken.get(line) ?? 0, title).toBe(x);
        taken.set(line, x + w);
      }
    }
    expect([...new Set(taken.values())]).toEqual([24]);
  });

  test('marks the start of a run, stages, phases, levels and faults, and leads to the other dashboards with the same run and time', () => {
    expect(json.annotations.list.map(({ name }) => name)).toEqual([
      'Run starts',
      'Stage starts',
      'Phase starts',
      'Level starts',
      'Fault starts',
      'Fault ends',
    ]);
    expect(json.links).toMatchObject([{ type: 'dashboards', tags: ['pairstorm'], keepTime: true, includeVars: true }]);
    expect(json.tags).toContain('pairstorm');
  });

  test('says on its first panel what it answers', () => {
    const [first] = panels;
    expect(first!.title).toMatch(/^About: /);
    expect(first!.options?.content).toContain(json.description);
  });

  test('shows no average as if it were the latency', () => {
    expect(JSON.stringify(json)).not.toMatch(/\bavg\b|"mean"|_avg\b|_med\b/);
  });
});

test('each alert has a panel that leads to its section of the runbook, and each link leads to a panel and a section', () => {
  const panels = committed.flatMap(([, json]) => json.panels);
  const runbook = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
  const linked = Object.entries(RUNBOOK_OF_PANEL).map(([title, alert]) => {
    const found = panels.filter((panel) => panel.type !== 'row' && panel.title === title);
    expect(found.length, title).toBeGreaterThan(0);
    for (const { links } of found)
      expect(links).toMatchObject([{ url: `\${docs}/runbook.md#${alert.toLowerCase()}`, title: `Runbook: ${alert}` }]);
    expect(runbook).toContain(`\n## ${alert}\n`);
    return alert;
  });
  expect([...new Set(linked)].sort()).toEqual(
    alerts(RULE_WINDOWS)
      .map(({ name }) => name)
      .sort(),
  );
});

test('what is counted in flows has the unit of flows, and CPU that of cores', () => {
  const unitOf = (title: string): string | undefined =>
    committed.flatMap(([, json]) => json.panels).find((panel) => panel.type !== 'row' && panel.title === title)
      ?.fieldConfig?.defaults.unit;
  expect(['Flows by outcome', 'Planned, started, ended, dropped', 'Pairings by result', 'CPU'].map(unitOf)).toEqual([
    ...['suffix: flows/s', 'suffix: flows/s', 'suffix: flows/s', 'suffix: cores'],
  ]);
});

test('every dashboard has an address and a title of its own', () => {
  expect(committed.map(([, { uid }]) => uid)).toEqual([
    'pairstorm-overview',
    'pairstorm-pairing',
    'pairstorm-polling',
    'pairstorm-generator',
    'pairstorm-soak',
    'pairstorm-resilience',
    'pairstorm-pingfederate',
  ]);
  expect(new Set(committed.map(([, { title }]) => title)).size).toBe(committed.length);
});

test('the dashboards show every metric of the catalogue, of the resilience scenario and of the generator', () => {
  const shown = new Set(
    committed.flatMap(([, json]) => expressionsOf(json).flatMap(namesIn)).map((name) => runNames.get(name)),
  );
  const metrics = Object.keys({ ...METRICS, ...FAULT_METRICS });
  const own = [...runNames.values()].filter((metric) => metric.startsWith('generator_'));
  expect([...metrics, ...own].filter((metric) => !shown.has(metric))).toEqual([]);
});

test('the facts of a run that dashboards may ask for are those that the engine shows', () => {
  expect(Object.keys(RUN_FACTS).sort()).toEqual(Object.keys({ ...PLAN_FACTS, ...END_FACTS }).sort());
});

test('a wrong metric name or label does not compile', () => {
  expectTypeOf<'flows'>().toExtend<MetricOfType<'counter'>>();
  expectTypeOf<'flow'>().not.toExtend<MetricOfType<'counter'>>();
  expectTypeOf<'decision_lag'>().not.toExtend<MetricOfType<'rate'>>();
  expectTypeOf<'kind'>().toExtend<LabelOf<'flows'>>();
  expectTypeOf<'outcome'>().not.toExtend<LabelOf<'flows'>>();
});
