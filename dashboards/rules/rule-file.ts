import { stringify } from 'yaml';

/** Over how long rules look, as Prometheus writes it. */
export interface RuleWindows {
  /** What is called "now": longer than four pushes or scrapes. */
  readonly recent: string;
  /** What is compared with what was before it, where it is about drift. */
  readonly hour: string;
}

/** The windows of the committed rule files. */
export const RULE_WINDOWS: RuleWindows = { recent: '5m', hour: '1h' };

/** A rule of Prometheus (prometheus.io, "Recording rules", "Alerting rules"): PromQL whose result is kept under a name. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

/** … or whose every result is an alert, once it has lasted. */
export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: 'warning' | 'critical' };
  readonly annotations: { readonly summary: string; readonly description: string; readonly runbook_url: string };
}

/** Rules that are evaluated together, one after the other. */
export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly (RecordingRule | AlertingRule)[];
}

/** The YAML file of a group. */
export function ruleFileYaml(group: RuleGroup): string {
  return stringify({ groups: [group] }, { lineWidth: 0 });
}
