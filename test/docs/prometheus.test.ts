import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { modelsOf } from '../../catalogue/metric-models.ts';
import { GENERATOR_METRICS } from '../../catalogue/metrics.ts';
import { familiesOf } from '../../engine/outputs/prometheus/metric-names.ts';
import { END_FACTS, PLAN_FACTS } from '../../engine/outputs/prometheus/run-facts.ts';
import { DEFAULT_TREND_STATS, readTrendStats } from '../../engine/outputs/prometheus/trend-stats.ts';
import { defaultOf } from '../../contract/setting.ts';
import type { Setting } from '../../contract/setting.ts';
import { NOT_SUPPORTED_VARIABLES, REMOTE_WRITE_SETTINGS } from '../../engine/outputs/remote-write/settings.ts';

const page = readFileSync(new URL('../../docs/prometheus.md', import.meta.url), 'utf8');

test('docs/prometheus.md lists every variable of remote write and what it is for', () => {
  const settings = Object.values<Setting<unknown>>(REMOTE_WRITE_SETTINGS).map((setting) => {
    const preset = defaultOf(setting);
    return `| \`${setting.name}\` | ${setting.meaning}${preset === '' ? '' : `; default \`${preset}\``} |`;
  });
  const rows = [...settings, ...NOT_SUPPORTED_VARIABLES.map((name) => `| \`${name}\` | not supported |`)];
  expect(page.split('\n').filter((line) => line.startsWith('| `K6_PROMETHEUS_RW_'))).toEqual(rows);
});

test('docs/prometheus.md lists every name that is not k6’s', () => {
  const stats = readTrendStats(DEFAULT_TREND_STATS, 'default');
  const generator = Object.entries(modelsOf(GENERATOR_METRICS)).flatMap(([metric, { type, contains }]) =>
    familiesOf({ metric, type, contains }, stats).map(({ name }) => name),
  );
  const listed = page
    .split('\n')
    .filter((line) => line.startsWith('| `pairstorm_'))
    .flatMap((line) => {
      const [first, ...suffixes] = [...line.split('|')[1]!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
      return [first!, ...suffixes.map((suffix) => first!.replace(/_[^_]+$/, suffix))];
    });
  expect(listed.sort()).toEqual([...Object.keys(PLAN_FACTS), ...Object.keys(END_FACTS), ...generator].sort());
});
