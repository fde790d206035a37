import type { Outcome } from '../contract/outcomes.ts';
import type { Progress } from '../engine/run.ts';

/** Outcomes as the status line names them. */
const SHORT = {
  device_paired: 'paired',
  device_not_paired: 'not paired',
  pairing_error: 'pairing error',
  authenticated: 'auth',
  denied: 'denied',
  timed_out: 'timed out',
  otp_failed: 'otp failed',
  cancelled: 'cancelled',
  mfa_failed: 'mfa failed',
  expired: 'expired',
  abandoned: 'abandoned',
  refused: 'refused',
  unverified: 'unverified',
  rejected: 'rejected',
  http_error: 'http error',
  protocol_error: 'protocol error',
  harness_error: 'harness error',
} as const satisfies Record<Outcome, string>;

/** Outcomes that should not occur. */
const ERRORS: readonly string[] = ['unverified', 'rejected', 'http_error', 'protocol_error', 'harness_error'];

/** How far back the rate on the line looks, in milliseconds. */
const RATE_WINDOW_MS = 5_000;

/** `1:02:03` or `4:05`. */
export function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/**
 * Makes the status line of a run, to be asked for with each progress report:
 * `0:12/1:15  25 VUs  19.8 flows/s  p95 34 ms  0 errors | auth 30, paired 12, denied 2`. What matters most stands
 * first, so that a narrow terminal cuts the rest. A script that counts no flows shows its iterations and requests.
 */
export function progressLines(): (progress: Progress) => string {
  let seen: { readonly atMs: number; readonly count: number }[] = [];
  return ({ elapsedMs, totalMs, vus, metrics }) => {
    const total = (metric: string): number | undefined => metrics.values(metric)?.['count'];
    const flows = total('flows');
    const count = flows ?? total('iterations') ?? 0;
    const recent = seen.filter(({ atMs }) => atMs >= elapsedMs - RATE_WINDOW_MS);
    // Where reports come every few seconds, the last one may be a little older than the window.
    seen = [...(recent.length > 0 ? recent : seen.slice(-1)), { atMs: elapsedMs, count }];
    const { atMs, count: before } = seen.length > 1 ? seen[0]! : { atMs: 0, count: 0 };
    const rate = elapsedMs > atMs ? ((count - before) * 1000) / (elapsedMs - atMs) : 0;
    const ended = (flows === undefined ? [] : metrics.breakdown('flow_outcomes', ['outcome']))
      .map(({ tags, values }) => ({ outcome: tags['outcome'] ?? '', count: values['count'] ?? 0 }))
      .filter((entry) => entry.count > 0)
      .sort((a, b) => b.count - a.count);
    const errors =
      flows === undefined
        ? (metrics.values('http_req_failed')?.['passes'] ?? 0)
        : ended.reduce((sum, entry) => sum + (ERRORS.includes(entry.outcome) ? entry.count : 0), 0);
    const duration = metrics.values('http_req_duration{peer:pf}') ?? metrics.values('http_req_duration');
    const parts = [
      clock(elapsedMs) + lengthOf(elapsedMs, totalMs),
      `${vus} VUs`,
      `${rate.toFixed(1)} ${flows === undefined ? 'iterations' : 'flows'}/s`,
      ...(duration?.['p(95)'] === undefined ? [] : [`p95 ${Math.round(duration['p(95)'])} ms`]),
      `${errors} ${errors === 1 ? 'error' : 'errors'}`,
    ];
    const outcomes = ended.map((entry) => `${nameOf(entry.outcome)} ${entry.count}`);
    return parts.join('  ') + (outcomes.length === 0 ? '' : ` | ${outcomes.join(', ')}`);
  };
}

/** After the planned length, flows that were started still run to their end. */
function lengthOf(elapsedMs: number, totalMs: number | undefined): string {
  if (totalMs === undefined) return '';
  return `/${clock(totalMs)}${elapsedMs > totalMs ? ' finishing' : ''}`;
}

/** A script that is not ours may have outcomes of its own. */
function nameOf(outcome: string): string {
  return Object.hasOwn(SHORT, outcome) ? SHORT[outcome as Outcome] : outcome;
}
