import { STATUS_CODES } from 'node:http';
import type { Answer } from '../answer.ts';
import type { Deployment } from '../deployment.ts';
import type { Fault, FaultKind, FaultStep, StatusFault } from '../wire/faults.ts';
import type { ActiveFault } from './active-fault.ts';

/** A request hit by a fault. */
interface FaultedRequest<F extends Fault = Fault> {
  readonly fault: F;
  readonly active: ActiveFault;
  readonly deployment: Deployment;
  readonly step: FaultStep;
  readonly flowId: string;
  /** Carries out the request. */
  readonly serve: () => Promise<Answer>;
  /** Counts this request against `first`. Called once, or never if the fault had no effect. */
  readonly markApplied: () => void;
}

type Effect<F extends Fault> = (request: FaultedRequest<F>) => Answer | Promise<Answer>;

type FaultOf<K extends FaultKind> = Extract<Fault, { readonly kind: K }>;

/** Requests for forgotten flows fail by themselves: that fault applies to no request (forget-flows.ts). */
type AnsweringKind = Exclude<FaultKind, 'forget-flows'>;

const EFFECTS: { readonly [K in AnsweringKind]: Effect<FaultOf<K>> } = {
  /** Rejects the request as a gateway or an overloaded server would. */
  status({ fault, step, markApplied }) {
    markApplied();
    const { body, headers } = contentOf(fault, step);
    const retry = fault.retryAfterS === undefined ? {} : { 'retry-after': String(fault.retryAfterS) };
    return { httpStatus: fault.status, body, headers: { ...headers, ...retry }, code: 'fault' };
  },

  /** Holds the request before it is carried out, so that answers leave in the order of their effects. */
  async delay({ fault, active, serve, markApplied }) {
    markApplied();
    await active.hold(fault.delayMs);
    return serve();
  },

  /** The connection ends without an answer; nothing was done. */
  drop({ markApplied }) {
    markApplied();
    return { httpStatus: 0, body: null, cut: 'before', code: 'fault' };
  },

  /** Everything was done, but the connection ends in the middle of the answer. */
  async 'half-answer'({ serve, markApplied }) {
    markApplied();
    return { ...(await serve()), cut: 'middle' };
  },

  /** Not a real success: a page where JSON should be, as captive portals and gateways send. */
  garbled({ markApplied }) {
    markApplied();
    return { httpStatus: 200, ...htmlPage('Please wait', 'The page is being prepared.'), code: 'fault' };
  },

  /** The flow waits for a decision, but the push never reaches a phone. Without a push there is nothing to lose. */
  async 'lost-push'({ fault, deployment, flowId, serve, markApplied }) {
    const answer = await serve();
    const flow = deployment.flows.find(flowId, deployment.now());
    if (answer.httpStatus !== 200 || flow?.status !== 'PUSH_CONFIRMATION_WAITING') return answer;
    const device = flow.selected;
    if (device?.waiting === flow) {
      device.waiting = null;
      // A decision on a push that never arrived is an effect of this fault, too.
      deployment.faults.forget(device.model.id, fault, flow.pushExpiresAt);
    }
    markApplied();
    return answer;
  },
};

export function effectOf(kind: AnsweringKind): Effect<Fault> {
  return EFFECTS[kind] as Effect<Fault>;
}

/** Steps whose errors have OAuth's shape. */
const OAUTH_STEPS: readonly FaultStep[] = ['start', 'token', 'userinfo', 'introspect'];

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

/** Body and headers of a page, as gateways answer. */
function htmlPage(title: string, text: string): Required<Pick<Answer, 'body' | 'headers'>> {
  return {
    body: `<html><head><title>${title}</title></head><body><h1>${title}</h1><p>${text}</p></body></html>`,
    headers: { 'content-type': 'text/html' },
  };
}
