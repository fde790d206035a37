import type { Check } from '../line.ts';
import { tokenClaims } from '../../../lib/flow/status-claim.ts';
import { jsonObject } from '../../../lib/json-object.ts';
import { right, unknown, foundWrong } from '../findings.ts';
import type { Findings } from '../findings.ts';
import { NOT_REACHED } from './network.ts';

/** A larger difference eventually breaks TOTPs and tokens. */
const APART_MS = 10_000;

/** `iat` has a resolution of a second, so it is half a second old on average. */
const HALF_A_SECOND = 500;

/** A clock difference in words. */
function apart(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  return seconds === 0 ? 'same as on this machine' : `${seconds} s ${ms > 0 ? 'ahead of' : 'behind'} this machine’s`;
}

/** Compares the target's clock with this machine's, by its Date header and the `iat` of its token. */
export function clock(findings: Findings): Check {
  const { aheadMs } = findings.heartbeats;
  const exchange = findings.exchanges.find(({ step }) => step === 'token');
  const accessToken = exchange && jsonObject(exchange.res)?.['access_token'];
  const iat = typeof accessToken === 'string' ? tokenClaims(accessToken)?.['iat'] : undefined;
  const tokenAhead =
    exchange !== undefined && typeof iat === 'number' ? iat * 1000 + HALF_A_SECOND - exchange.at : null;
  const seen = [
    ...(aheadMs === null ? [] : [{ by: 'Date header', ms: aheadMs }]),
    ...(tokenAhead === null ? [] : [{ by: 'iat of the token', ms: tokenAhead }]),
  ];
  if (seen.length === 0) {
    return unknown('clock', findings.heartbeats.status === 0 ? NOT_REACHED : 'no Date header, and no token with iat');
  }
  const worst = seen.reduce((most, one) => (Math.abs(one.ms) > Math.abs(most.ms) ? one : most));
  const found = `${apart(worst.ms)} (${worst.by})`;
  if (Math.abs(worst.ms) <= APART_MS) return right('clock', found);
  return foundWrong(
    'clock',
    found,
    'synchronize both clocks with NTP: TOTPs fail beyond 30 s, tokens seem expired or not yet valid',
  );
}
