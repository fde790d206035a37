import { PATHS } from '../protocol/transport.ts';
import { namedAction, peekAction } from './action-name.ts';
import {
  addFaults,
  readCounts,
  readFaults,
  removeFault,
  removeFaults,
  replaceFaults,
  resetAll,
} from './admin/admin-api.ts';
import type { Answer } from './answer.ts';
import { refuse } from './api-refusal.ts';
import type { Call, SimulatorStep } from './call.ts';
import { answerPreflight } from './cors.ts';
import type { Deployment } from './deployment.ts';
import { answerFlow } from './flow-endpoint.ts';
import { startFlow } from './oauth/authorization.ts';
import { readDiscovery, readJwks } from './oauth/discovery.ts';
import { introspectToken, readUserinfo } from './oauth/token-claims.ts';
import { redeemCode } from './oauth/token.ts';
import { decidePush, pairPhone, readCode, resetUsers } from './phone-api.ts';
import type { SimulatorSettings } from './settings.ts';
import { ADMIN_PATHS } from './wire/admin-api.ts';
import { PHONE_BASE_PATH, PHONE_PATHS } from './wire/phone-api.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS';

/** `worker`: served by a worker of the simulated server. */
interface Endpoint {
  readonly methods: readonly Method[];
  readonly path: string;
  readonly step: SimulatorStep | ((call: Call, settings: SimulatorSettings) => SimulatorStep);
  readonly worker: boolean;
  /** Unauthenticated, so web pages must not use it. */
  readonly guarded: boolean;
  readonly handle: (deployment: Deployment, call: Call) => Answer | Promise<Answer>;
}

const heartbeat = ({ settings }: Deployment): Answer => {
  if (settings.heartbeat === 'off') throw refuse('RESOURCE_NOT_FOUND', 'The heartbeat is off.');
  return { httpStatus: 200, body: 'OK', headers: { 'content-type': 'text/plain' }, code: 'ok' };
};

/** A custom first factor is counted like a password. */
function stepOfAction(call: Call, settings: SimulatorSettings): SimulatorStep {
  const isCustom = settings.firstFactor === 'custom' && namedAction(call, settings) === settings.customAction;
  return isCustom ? 'checkUsernamePassword' : (peekAction(call, settings) ?? 'unknown');
}

const pingFederate = (
  methods: Endpoint['methods'],
  path: string,
  step: Endpoint['step'],
  handle: Endpoint['handle'],
): Endpoint => ({ methods, path, step, worker: true, guarded: false, handle });

/** Endpoints that are not PingFederate's own take none of its workers. */
const apart = (method: Method, path: string, step: SimulatorStep, handle: Endpoint['handle']): Endpoint => ({
  methods: [method],
  path,
  step,
  worker: false,
  guarded: false,
  handle,
});

/** The phone and admin APIs. */
const control = (...[method, path, step, handle]: Parameters<typeof apart>): Endpoint => ({
  ...apart(method, path, step, handle),
  guarded: true,
});

/** All endpoints except `/metrics`. */
export const ENDPOINTS: readonly Endpoint[] = [
  pingFederate(['GET', 'POST'], PATHS.authorization, 'start', startFlow),
  pingFederate(['GET'], `${PATHS.flows}/:flowId`, 'readFlow', answerFlow),
  pingFederate(['POST'], `${PATHS.flows}/:flowId`, stepOfAction, answerFlow),
  pingFederate(['POST'], PATHS.token, 'token', redeemCode),
  pingFederate(['POST'], PATHS.introspect, 'introspect', introspectToken),
  pingFederate(['GET'], PATHS.userinfo, 'userinfo', readUserinfo),
  ...[PATHS.authorization, `${PATHS.flows}/:flowId`, PATHS.token, PATHS.introspect, PATHS.userinfo].map((path) =>
    apart('OPTIONS', path, 'preflight', answerPreflight),
  ),
  apart('GET', PATHS.jwks, 'jwks', readJwks),
  apart('GET', PATHS.discovery, 'discovery', readDiscovery),
  apart('GET', PATHS.heartbeat, 'heartbeat', heartbeat),
  control('POST', PHONE_BASE_PATH + PHONE_PATHS.pair, 'pair', pairPhone),
  control('POST', PHONE_BASE_PATH + PHONE_PATHS.decide, 'decide', decidePush),
  control('POST', PHONE_BASE_PATH + PHONE_PATHS.code, 'code', readCode),
  control('POST', PHONE_BASE_PATH + PHONE_PATHS.reset, 'reset', resetUsers),
  control('GET', ADMIN_PATHS.counts, 'admin', readCounts),
  control('POST', ADMIN_PATHS.reset, 'admin', resetAll),
  control('GET', ADMIN_PATHS.faults, 'admin', readFaults),
  control('PUT', ADMIN_PATHS.faults, 'admin', replaceFaults),
  control('POST', ADMIN_PATHS.faults, 'admin', addFaults),
  control('DELETE', ADMIN_PATHS.faults, 'admin', removeFaults),
  control('DELETE', `${ADMIN_PATHS.faults}/:name`, 'admin', removeFault),
];
