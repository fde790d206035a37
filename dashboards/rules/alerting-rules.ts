import { alerts } from './alerts.ts';
import { recordedNames } from './recorded-names.ts';
import type { RuleGroup, RuleWindows } from './rule-file.ts';

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

/** Where the runbook is: docs/runbook.md, one section per alert. */
const RUNBOOK = 'docs/runbook.md';

/** The anchor of an alert's section: its name in lower case, as Markdown viewers make it of a heading. */
export const anchorOf = (alert: string): string => alert.toLowerCase();

/** The link of an alert to its section; relative to the repository, because every copy of it has the page. */
const runbookUrl = (alert: string): string => `${RUNBOOK}#${anchorOf(alert)}`;
