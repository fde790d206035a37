import { stringify } from 'yaml';

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
