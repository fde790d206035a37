import { ADMIN_PATHS } from '../contract/admin-api.ts';
import { PHONE_BASE_PATH, PHONE_PATHS } from '../contract/phone-api.ts';
import { PATHS } from '../protocol/transport.ts';
import { namedAction, peekAction } from './action-name.ts';
import { readCounts, resetAll } from './admin/admin-api.ts';
import { addFaults, readFaults, removeFault, removeFaults, replaceFaults } from './admin/faults-api.ts';
import type { Answer } from './answer.ts';
import { refuse } from './api-refusal.ts';
import type { Call } from './call.ts';
import type { Deployment } from './deployment.ts';
import { answerFlow } from './flow-endpoint.ts';
import { startFlow } from './oauth/authorization.ts';
import { readDiscovery } from './oauth/discovery.ts';
import { introspectToken } from './oauth/introspect.ts';
import { readJwks } from './oauth/jwks.ts';
import { redeemCode } from './oauth/token.ts';
import { readUserinfo } from './oauth/userinfo.ts';
import { readCode } from './phone/code.ts';
import { decidePush } from './phone/decide.ts';
import { pairPhone } from './phone/pair.ts';
import { resetUsers } from './phone/reset.ts';
import type { SimulatorSettings } from './settings.ts';
import type { Step } from './steps.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** One endpoint: where it lies, what it is, and whether a worker of the simulated server serves it. */
export interface Endpoint {
  readonly methods: readonly Method[];
  readonly path: string;
  readonly step: Step | ((call: Call, settings: SimulatorSettings) => Step);
  readonly worker: boolean;
  readonly handle: (deployment: Deployment, call: Call) => Answer | Promise<Answer>;
}

const heartbeat = ({ settings }: Deployment): Answer => {
  if (settings.heartbeat === 'off') throw refuse('RESOURCE_NOT_FOUND', 'There is no heartbeat here.');
  return { httpStatus: 200, body: 'OK', headers: { 'content-type': 'text/plain' }, code: 'ok' };
};

/** A custom first factor counts as the first factor that it stands for. */
function stepOfAction(call: Call, settings: SimulatorSettings): Step {
  const isCustom = settings.firstFactor === 'custom' && namedAction(call, settings) === settings.customAction;
  return isCustom ? 'checkUsernamePassword' : (peekAction(call, settings) ?? 'unknown');
}

const pingFederate = (
  methods: Endpoint['methods'],
  path: string,
  step: Endpoint['step'],
  handle: Endpoint['handle'],
): Endpoint => ({ methods, path, step, worker: true, handle });

/** The phone and admin APIs are not PingFederate's: they take none of its workers. */
const apart = (method: Method, path: string, step: Step, handle: Endpoint['handle']): Endpoint => ({
  methods: [method],
  path,
  step,
  worker: false,
  handle,
});

/** Everything that the simulator answers, `/metrics` excepted. */
export const ENDPOINTS: readonly Endpoint[] = [
  pingFederate(['GET', 'POST'], PATHS.authorization, 'start', startFlow),
  pingFederate(['GET'], `${PATHS.flows}/:flowId`, 'readFlow', answerFlow),
  pingFederate(['POST'], `${PATHS.flows}/:flowId`, stepOfAction, answerFlow),
  pingFederate(['POST'], PATHS.token, 'token', redeemCode),
  pingFederate(['POST'], PATHS.introspect, 'introspect', introspectToken),
  pingFederate(['GET'], PATHS.userinfo, 'userinfo', readUserinfo),
  apart('GET', PATHS.jwks, 'jwks', readJwks),
  apart('GET', PATHS.discovery, 'discovery', readDiscovery),
  apart('GET', PATHS.heartbeat, 'heartbeat', heartbeat),
  apart('POST', PHONE_BASE_PATH + PHONE_PATHS.pair, 'pair', pairPhone),
  apart('POST', PHONE_BASE_PATH + PHONE_PATHS.decide, 'decide', decidePush),
  apart('POST', PHONE_BASE_PATH + PHONE_PATHS.code, 'code', readCode),
  apart('POST', PHONE_BASE_PATH + PHONE_PATHS.reset, 'reset', resetUsers),
  apart('GET', ADMIN_PATHS.counts, 'admin', readCounts),
  apart('POST', ADMIN_PATHS.reset, 'admin', resetAll),
  apart('GET', ADMIN_PATHS.faults, 'admin', readFaults),
  apart('PUT', ADMIN_PATHS.faults, 'admin', replaceFaults),
  apart('POST', ADMIN_PATHS.faults, 'admin', addFaults),
  apart('DELETE', ADMIN_PATHS.faults, 'admin', removeFaults),
  apart('DELETE', `${ADMIN_PATHS.faults}/:name`, 'admin', removeFault),
];
