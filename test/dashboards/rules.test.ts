import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { RULE_FILES } from '../../dashboards/catalogue.ts';
import { anchorOf } from '../../dashboards/rules/alerting-rules.ts';
import { alerts } from '../../dashboards/rules/alerts.ts';
import { RULE_WINDOWS, ruleFileYaml } from '../../dashboards/rules/rule-file.ts';
import type { AlertingRule, RecordingRule } from '../../dashboards/rules/rule-file.ts';
import { PROMTOOL, hasPrometheus } from '../cli/real-prometheus.ts';
import { FOLDER } from './dashboard-json.ts';
import { allNames, namesIn } from './known-names.ts';

const files = Object.keys(RULE_FILES);
const folder = new URL('rules/', FOLDER);
const rules = Object.values(RULE_FILES).flatMap((build) => build().rules);
const recording = rules.filter((rule): rule is RecordingRule => 'record' in rule);
const alerting = rules.filter((rule): rule is AlertingRule => 'alert' in rule);
const CASES = new URL('alerts.promtool.yml', import.meta.url);

/** Runs promtool and gives what it said, once it is content. */
function promtool(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(PROMTOOL, args, { encoding: 'utf8' });
  expect(stdout + stderr).not.toContain('FAILED');
  expect(status, stdout + stderr).toBe(0);
  return stdout;
}

describe.each(files)('rules/%s', (file) => {
  test('is what its TypeScript makes (npm run dashboards writes it)', () => {
    expect(readFileSync(new URL(file, folder), 'utf8')).toBe(ruleFileYaml(RULE_FILES[file]!()));
  });

  test.skipIf(!hasPrometheus())('is right to promtool', () => {
    expect(promtool('check', 'rules', fileURLToPath(new URL(file, folder)))).toContain('SUCCESS');
  });
});

test('rules/ holds no other YAML', () => {
  expect(readdirSync(folder).filter((file) => file.endsWith('.yml'))).toEqual([...files].sort());
});

test('rules ask only for series that a run has, and for what other rules keep', () => {
  const kept = new Set(recording.map(({ record }) => record));
  for (const { expr } of rules) {
    const asked = expr.match(/\btestid[a-z_]*:[a-z0-9_]+:[a-z0-9_]+/g) ?? [];
    expect(asked.filter((name) => !kept.has(name))).toEqual([]);
    const rest = asked.reduce((text, name) => text.replace(name, ''), expr);
    const fromNames = (/__name__=~"([^"]*)"/.exec(rest)?.[1] ?? '').split('|').filter(Boolean);
    expect([...namesIn(rest), ...fromNames].filter((name) => !allNames.has(name))).toEqual([]);
  }
});

test('each alert has a summary, a description and a section in the runbook that its link leads to', () => {
  const runbook = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
  const anchors = [...runbook.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading!.toLowerCase().replace(/ /g, '-'));
  for (const { alert, annotations } of alerting) {
    expect(annotations.summary).toMatch(/\{\{ \$labels\.testid \}\}/);
    expect(annotations.description.length).toBeGreaterThan(30);
    const [page, anchor] = annotations.runbook_url.split('#');
    expect(existsSync(new URL(`../../${page!}`, import.meta.url))).toBe(true);
    expect(anchors, alert).toContain(anchor);
  }
  const sections = anchors.filter((anchor) => anchor.startsWith('pairstorm'));
  expect(sections.sort()).toEqual(
    alerts(RULE_WINDOWS)
      .map(({ name }) => anchorOf(name))
      .sort(),
  );
});

describe('alerts.promtool.yml', () => {
  interface Cases {
    readonly tests: readonly {
      readonly name: string;
      readonly alert_rule_test: readonly { readonly alertname: string; readonly exp_alerts?: readonly unknown[] }[];
    }[];
  }
  const { tests } = parse(readFileSync(CASES, 'utf8')) as Cases;
  const asked = tests.flatMap(({ alert_rule_test }) => alert_rule_test);

  test('holds for each alert a run in which it comes and one in which it does not', () => {
    const names = (loud: boolean): string[] =>
      [
        ...new Set(
          asked.filter(({ exp_alerts = [] }) => exp_alerts.length > 0 === loud).map(({ alertname }) => alertname),
        ),
      ].sort();
    const all = alerting.map(({ alert }) => alert).sort();
    expect(names(true)).toEqual(all);
    expect(names(false)).toEqual(all);
  });

  test.skipIf(!hasPrometheus())('comes true in Prometheus’ own rule engine', () => {
    expect(promtool('test', 'rules', fileURLToPath(CASES))).toContain('SUCCESS');
  });
});
