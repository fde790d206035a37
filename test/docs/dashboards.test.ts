import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { anchorOf } from '../../dashboards/rules/alerting-rules.ts';
import { alerts } from '../../dashboards/rules/alerts.ts';
import { RULE_WINDOWS } from '../../dashboards/rules/rule-file.ts';
import { committed } from '../dashboards/dashboard-json.ts';
import { namesIn } from '../dashboards/known-names.ts';
import { withGeneratedPart } from './generated-part.ts';

/** What a series needs beside a run with p95, p99 and max; the first that fits. */
const NEEDS: readonly (readonly [series: RegExp, need: string])[] = [
  [/^pairstorm_simulator_/, 'the simulator, scraped'],
  [/^pairstorm_/, '`pairstorm run`: k6 has no such series'],
  [/^(pingfederate|jetty|jvm|process)_/, 'the JMX exporter in PingFederate'],
  [/_(count|sum)$/, '`count` and `sum` among the statistics'],
  [/^k6_(phase|fault)/, 'the scenario `resilience`'],
];

const needOf = (name: string): string | undefined => NEEDS.find(([series]) => series.test(name))?.[1];

/** Panels by what they need, dashboard by dashboard. */
function needs(): string {
  const rows = committed.flatMap(([, { title, panels }]) => {
    const byNeed = new Map<string, string[]>();
    for (const panel of panels) {
      const wanted = new Set((panel.targets ?? []).flatMap(({ expr }) => namesIn(expr).map(needOf)));
      for (const need of wanted) if (need !== undefined) byNeed.set(need, [...(byNeed.get(need) ?? []), panel.title]);
    }
    return [...byNeed].map(
      ([need, titles]) =>
        `| ${title.replace('Pairstorm: ', '')} | ${titles.map((name) => `*${name}*`).join(', ')} | ${need} |`,
    );
  });
  return ['| dashboard | panels | need |', '|---|---|---|', ...rows].join('\n');
}

/** Alerts: what they say, and of what results. */
function alertTable(): string {
  const rows = alerts(RULE_WINDOWS).map(({ name, condition, lasts, severity, summary }) => {
    const what = summary.replace(/\{\{ \$labels\.(\w+) \}\}/g, (_, label: string) => `*${label}*`);
    return `| [\`${name}\`](runbook.md#${anchorOf(name)}) | ${what} | \`${condition}\` | ${lasts} | ${severity} |`;
  });
  return ['| alert | says | when | for | severity |', '|---|---|---|---|---|', ...rows].join('\n');
}

test('docs/dashboards.md lists what panels need, and the alerts, as the code has them', async () => {
  const guide = readFileSync(new URL('../../docs/dashboards.md', import.meta.url), 'utf8');
  const filled = withGeneratedPart(withGeneratedPart(guide, 'needs', needs()), 'alerts', alertTable());
  await expect(filled).toMatchFileSnapshot('../../docs/dashboards.md');
});
