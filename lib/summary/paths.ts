import { selector } from '../../contract/selector.ts';
import { CLIENT_STEPS } from '../../contract/steps.ts';
import type { SummaryData } from '../../contract/summary-data.ts';
import { PLATFORMS } from '../../contract/tag-values.ts';
import { milliseconds, percentage, textTable } from './text-table.ts';

type Values = Readonly<Record<string, number>>;

function values(data: SummaryData, metric: string, tags: Record<string, string> = {}): Values | undefined {
  const found = data.metrics[selector(metric, tags)]?.values;
  return found?.['count'] === 0 ? undefined : found;
}

const HEAD = ['', 'count', 'errors', 'med', 'p95', 'p99', 'max'];

function row(name: string, trend: Values | undefined, errors: string, show = milliseconds): string[][] {
  if (trend === undefined) return [];
  const at = (stat: string): string => show(trend[stat] ?? 0);
  return [[name, String(trend['count'] ?? ''), errors, at('med'), at('p(95)'), at('p(99)'), at('max')]];
}

function stepRow(data: SummaryData, step: string): string[][] {
  const failed = values(data, 'http_req_failed', { name: step, peer: 'pf' })?.['rate'] ?? 0;
  return row(step, values(data, 'step_duration', { step }), percentage(failed));
}

/** The pairing path: its steps, the whole of it by platform, and how often it ended in pairing_error. */
export function pairingLines(data: SummaryData): string[] {
  const steps = ['authenticate', 'continueAuthentication', 'token'].flatMap((step) => stepRow(data, step));
  const whole = PLATFORMS.flatMap((platform) => {
    const rate = values(data, 'pairing_error_rate', { platform });
    const judged = (rate?.['passes'] ?? 0) + (rate?.['fails'] ?? 0);
    const errors = judged === 0 ? '-' : percentage(rate?.['rate'] ?? 0);
    return row(`pairing, ${platform}`, values(data, 'pairing_duration', { platform }), errors);
  });
  return [
    ...textTable([HEAD, ...steps, ...whole]),
    '    errors of pairing are pairing_error: in the token; successes on the wire',
  ];
}

/** The polling path: each poll's latency, how many polls a wait took, and how late a decision was seen. */
export function pollingLines(data: SummaryData): string[] {
  const errors = percentage(values(data, 'poll_error_rate')?.['rate'] ?? 0);
  const late = values(data, 'late_polls')?.['count'] ?? 0;
  const rows = [
    ...row('poll', values(data, 'poll_duration'), errors),
    ...row('polls per wait', values(data, 'polls_per_flow'), '', (n) => String(Math.round(n))),
    ...row('decision lag', values(data, 'decision_lag'), ''),
  ];
  return rows.length === 0 ? ['    no push was waited for'] : [...textTable([HEAD, ...rows]), `    late polls ${late}`];
}

/** The other steps of a flow. */
export function stepLines(data: SummaryData): string[] {
  const elsewhere = ['authenticate', 'continueAuthentication', 'token', 'poll', 'wait'];
  const rest = CLIENT_STEPS.filter((step) => !elsewhere.includes(step)).flatMap((step) => stepRow(data, step));
  const flow = row('flow, machine time', values(data, 'flow_duration'), '');
  return textTable([HEAD, ...rest, ...flow]);
}
