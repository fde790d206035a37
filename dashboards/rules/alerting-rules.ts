import { alerts } from './alerts.ts';
import { recordedNames } from './recorded-names.ts';
import type { RuleGroup } from './rule-file.ts';
import type { RuleWindows } from './rule-windows.ts';
import { runbookUrl } from './runbook.ts';

/** The alerts as rules: each held to runs that are going, each with its link to the runbook. */
export function alertingRules(windows: RuleWindows): RuleGroup {
  const { running } = recordedNames(windows);
  return {
    name: 'pairstorm-alerts',
    rules: alerts(windows).map(({ name, value, condition, lasts, severity, summary, description }) => ({
      alert: name,
      expr: `(${value} ${condition}) and on (testid) ${running}`,
      for: lasts,
      labels: { severity },
      annotations: { summary, description, runbook_url: runbookUrl(name) },
    })),
  };
}
