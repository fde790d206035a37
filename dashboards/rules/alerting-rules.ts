import { alerts } from './alerts.ts';
import { recordedNames } from './recorded-names.ts';
import type { RuleGroup, RuleWindows } from './rule-file.ts';

/** Alerting rules, limited to running runs, with links to the runbook. */
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

/** The runbook has one section per alert. */
const RUNBOOK = 'docs/runbook.md';

/** Anchor of an alert's section, as Markdown viewers derive it from the heading. */
export const anchorOf = (alert: string): string => alert.toLowerCase();

/** Link to an alert's section, relative to the repository, since every copy has the page. */
const runbookUrl = (alert: string): string => `${RUNBOOK}#${anchorOf(alert)}`;
