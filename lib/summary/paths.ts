import { PF_STEPS } from '../../catalogue/steps.ts';
import { PLATFORMS } from '../../catalogue/tag-values.ts';
import type { Figures, Values } from '../../contract/figures.ts';
import { ofStep, selector } from '../../contract/selector.ts';
import { NO_FIGURE, milliseconds, percentage, textTable } from './text-table.ts';

function values(figures: Figures, metric: string, tags: Record<string, string> = {}): Values | undefined {
  return figures.values(selector(metric, tags));
}

/** A share of errors; empty if none was judged. */
function errorsOf(rate: Values | undefined): string {
  return rate === undefined ? '' : percentage(rate['rate'] ?? 0);
}

const HEAD = ['', 'count', 'errors', 'med', 'p95', 'p99', 'max'];

/** A row of the table. `judged`: the error rate of all requests; the trend is only of answered ones. */
function row(name: string, trend: Values | undefined, judged?: Values, show = milliseconds): string[][] {
  const { passes = 0, fails = 0 } = judged ?? {};
  const count = Math.max(passes + fails, trend?.['count'] ?? 0);
  if (count === 0) return [];
  const at = (stat: string): string => (trend === undefined ? NO_FIGURE : show(trend[stat] ?? 0));
  return [[name, String(count), errorsOf(judged), at('med'), at('p(95)'), at('p(99)'), at('max')]];
}

function stepRow(figures: Figures, step: string): string[][] {
  return row(
    step,
    values(figures, 'http_req_duration', ofStep(step)),
    values(figures, 'http_req_failed', { name: step, peer: 'pf' }),
  );
}

/** The pairing path: its steps, their total by platform, and the share of pairing_error. */
export function pairingLines(figures: Figures): string[] {
  const steps = ['authenticate', 'continueAuthentication', 'token'].flatMap((step) => stepRow(figures, step));
  const whole = PLATFORMS.flatMap((platform) => {
    const errors = values(figures, 'pairing_error_rate', { platform });
    return row(`pairing, ${platform}`, values(figures, 'pairing_duration', { platform }), errors);
  });
  return [
    ...textTable([HEAD, ...steps, ...whole]),
    '    pairing errors are seen in the token (pairing_error); on the wire they are successes',
  ];
}

/** The polling path: latency of polls, polls per wait, and decision lag. */
export function pollingLines(figures: Figures): string[] {
  const errors = values(figures, 'poll_error_rate');
  const late = values(figures, 'late_polls')?.['count'] ?? 0;
  const rows = [
    ...row('poll', values(figures, 'poll_duration') ?? values(figures, 'http_req_duration', ofStep('poll')), errors),
    ...row('polls per wait', values(figures, 'polls_per_flow'), undefined, (n) => String(Math.round(n))),
    ...row('decision lag', values(figures, 'decision_lag')),
    ...row('storm of a client', values(figures, 'storm_duration')),
  ];
  return rows.length === 0
    ? ['    no flow waited for a push']
    : [...textTable([HEAD, ...rows]), `    late polls ${late}`];
}

/** The other steps of a flow. */
export function stepLines(figures: Figures): string[] {
  const elsewhere = ['authenticate', 'continueAuthentication', 'token', 'poll'];
  const rest = PF_STEPS.filter((step) => !elsewhere.includes(step)).flatMap((step) => stepRow(figures, step));
  const flow = row('flow, server time', values(figures, 'flow_duration'));
  return textTable([HEAD, ...rest, ...flow]);
}
