import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from './answer.ts';
import type { Answer } from './answer.ts';
import { refuse, refuseDetail } from './api-refusal.ts';
import { refusalOfForeign } from './browser-guard.ts';
import type { Call, SimulatorStep } from './call.ts';
import type { Deployment } from './deployment.ts';
import { corsHeaders } from './cors.ts';
import { ENDPOINTS } from './endpoints.ts';
import { isFaultStep } from './faults/active-fault.ts';
import { applyFaults } from './faults/apply-faults.ts';
import type { Service } from './service.ts';
import type { TrafficMetrics } from './traffic-metrics.ts';
import { writeAnswer } from './write-answer.ts';

export const METRICS_PATH = '/metrics';

/** Longest part of a path repeated in an error. */
const MAX_ECHO = 200;

/** Registers every endpoint with the web server. */
export function addRoutes(
  app: FastifyInstance,
  deployment: Deployment,
  service: Service,
  metrics: TrafficMetrics,
): void {
  const send = (reply: FastifyReply, step: SimulatorStep, answer: Answer): FastifyReply => {
    metrics.answered(step, answer.httpStatus, answer.code);
    return writeAnswer(reply, answer);
  };

  const { clockSkewS, roundTripMs } = deployment.settings;
  if (roundTripMs > 0) app.addHook('onRequest', () => delay(roundTripMs));
  if (clockSkewS !== 0) {
    app.addHook('onSend', async (_request, reply) => {
      reply.header('date', new Date(deployment.wallClock()).toUTCString());
    });
  }

  // Endpoints parse their bodies themselves, after the checks that come first.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));

  for (const endpoint of ENDPOINTS) {
    app.route({
      method: [...endpoint.methods],
      url: endpoint.path,
      handler: async (request, reply) => {
        const call = callOf(request, deployment.now());
        const step = typeof endpoint.step === 'function' ? endpoint.step(call, deployment.settings) : endpoint.step;
        const foreign = endpoint.guarded ? refusalOfForeign(deployment, call) : undefined;
        if (foreign !== undefined) return send(reply, step, foreign);
        if (!endpoint.guarded) reply.headers(corsHeaders(deployment.settings, call));
        const handle = (): Answer | Promise<Answer> => endpoint.handle(deployment, call);
        const serve = (): Promise<Answer> => answerOf(() => (endpoint.worker ? service.serve(step, handle) : handle()));
        const spoiled = isFaultStep(step) && !deployment.faults.idle;
        const allowance = endpoint.worker ? deployment.rateLimit?.take(call.address, call.arrivedAt) : undefined;
        if (allowance !== undefined) reply.headers(allowance.headers);
        if (allowance?.refusal) return send(reply, step, allowance.refusal);
        const isGone = (): boolean => reply.raw.destroyed;
        const answer = await (spoiled ? applyFaults(deployment, step, call, serve, metrics.faulty, isGone) : serve());
        return send(reply, step, answer);
      },
    });
  }
  app.get(METRICS_PATH, async (_request, reply) => {
    const { contentType, text } = await metrics.exposition();
    return reply.type(contentType).send(text);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.slice(0, MAX_ECHO);
    const { answer } = refuse('RESOURCE_NOT_FOUND', `There is no endpoint ${request.method} ${path}.`);
    return send(reply, 'unknown', answer);
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) =>
    send(reply, 'unknown', answerOfFault(error)),
  );
}

/** Response to a malformed request (too long, invalid content type, invalid URL) or an internal error. */
export function answerOfFault(error: { readonly statusCode?: number }): Answer {
  const status = error.statusCode ?? 500;
  if (status >= 500) return refuse('UNEXPECTED_ERROR').answer;
  const { answer } = status === 415 ? refuseDetail('INVALID_CONTENT_TYPE') : refuse('INVALID_REQUEST');
  return status === 413 ? { ...answer, httpStatus: status } : answer;
}

async function answerOf(handle: () => Answer | Promise<Answer>): Promise<Answer> {
  try {
    return await handle();
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    throw error;
  }
}

function callOf(request: FastifyRequest, arrivedAt: number): Call {
  const { flowId } = request.params as { flowId?: string };
  return {
    method: request.method,
    url: request.url,
    flowId: flowId ?? '',
    headers: request.headers,
    body: typeof request.body === 'string' ? request.body : '',
    address: request.ip,
    arrivedAt,
  };
}
