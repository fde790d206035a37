import type { Check } from '../line.ts';
import { RATE_LIMIT_HEADERS } from '../../../protocol/transport.ts';
import { answerHeader } from '../../../lib/flow/request-step.ts';
import { right, unknown, foundWrong } from '../findings.ts';
import type { CheckedExchange, Findings } from '../findings.ts';
import { NOT_REACHED } from './network.ts';

/** The shortest flow: start, two actions of sign-on, one of the second factor, continue, token. */
const SHORTEST_FLOW = 6;

/** A header's whole number. */
function numberIn({ res }: CheckedExchange, name: string): number | undefined {
  const text = answerHeader(res, name);
  return text !== undefined && /^\d{1,9}$/.test(text.trim()) ? Number(text) : undefined;
}

/** Checks whether a rate limit for this address allows the planned load. */
export function rateLimit({ exchanges, settings }: Findings): Check {
  if (exchanges.length === 0) return unknown('rate_limit', NOT_REACHED);
  const limits = exchanges.map((exchange) => numberIn(exchange, RATE_LIMIT_HEADERS.limit));
  const limit = Math.min(...limits.map((found) => found ?? Infinity));
  const refused = exchanges.some(({ res }) => res.status === 429);
  const remedy =
    'list the addresses of the load generators as server-sourced traffic (PingOne), raise the limit, or spread the load over more addresses';
  if (limit === Infinity) {
    if (refused) return foundWrong('rate_limit', 'HTTP 429 in a single flow', remedy);
    return right(
      'rate_limit',
      `no limit announced, no HTTP 429 in ${exchanges.length} request${exchanges.length === 1 ? '' : 's'}`,
    );
  }
  // As flows per second, the unit of RATE.
  const flows = limit / Math.max(exchanges.length, SHORTEST_FLOW);
  const found = `this address may make ${limit} requests per second, which is ${flows.toFixed(1)} flows/s`;
  if (!refused && flows >= settings.rate) return right('rate_limit', `${found}; RATE is ${settings.rate}`);
  return foundWrong(
    'rate_limit',
    `${found}; RATE is ${settings.rate}`,
    `${remedy}; or keep RATE below ${flows.toFixed(1)}`,
  );
}
