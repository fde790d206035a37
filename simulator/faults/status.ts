import { STATUS_CODES } from 'node:http';
import type { FaultStep, StatusFault } from '../wire/faults.ts';
import type { Answer } from '../answer.ts';
import type { Effect } from './effects.ts';
import { htmlPage } from './html-page.ts';

/** Steps whose errors have OAuth's shape. */
const OAUTH_STEPS: readonly FaultStep[] = ['start', 'token', 'userinfo', 'introspect'];

/** Refuses the request in the name of a gateway or an overloaded server. */
export const status: Effect<StatusFault> = ({ fault, step, hit }) => {
  hit();
  const { body, headers } = contentOf(fault, step);
  const retry = fault.retryAfterS === undefined ? {} : { 'retry-after': String(fault.retryAfterS) };
  return { httpStatus: fault.status, body, headers: { ...headers, ...retry }, code: 'fault' };
};

function contentOf(fault: StatusFault, step: FaultStep): Pick<Answer, 'body' | 'headers'> {
  const reason = STATUS_CODES[fault.status] ?? 'Error';
  switch (fault.body ?? 'html') {
    case 'empty':
      return { body: null };
    case 'html':
      return htmlPage(`${fault.status} ${reason}`, 'An injected fault of the simulator.');
    case 'json': {
      const code = fault.status === 429 ? 'REQUEST_LIMITED' : 'UNEXPECTED_ERROR';
      if (!OAUTH_STEPS.includes(step)) return { body: { code, message: reason } };
      const error = fault.status === 503 ? 'temporarily_unavailable' : 'server_error';
      return { body: { error: fault.status < 500 ? 'invalid_request' : error, error_description: reason } };
    }
  }
}
