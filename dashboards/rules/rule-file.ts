import { stringify } from 'yaml';

/** Time windows of the rules, in Prometheus syntax. */
export interface RuleWindows {
  /** What counts as now: more than four pushes or scrapes. */
  readonly recent: string;
  /** For drift: compared with what was before. */
  readonly hour: string;
}

/** The windows of the committed rule files. */
export const RULE_WINDOWS: RuleWindows = { recent: '5m', hour: '1h' };

/** A Prometheus recording rule (prometheus.io, "Recording rules"): the result of `expr` is stored as `record`. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

/** An alerting rule (prometheus.io, "Alerting rules"): each result of `expr` is an alert after `for`. */
export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: 'warning' | 'critical' };
  readonly annotations: { readonly summary: string; readonly description: string; readonly runbook_url: string };
}

/** Rules evaluated together, in order. */
export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly (RecordingRule | AlertingRule)[];
}

/** The YAML file of a group. */
export function ruleFileYaml(group: RuleGroup): string {
  return stringify({ groups: [group] }, { lineWidth: 0 });
}
