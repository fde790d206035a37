import { randomBytes, sha256 } from 'k6/crypto';
import { PROXY_VARIABLE } from '../contract/command.ts';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { PATHS } from '../protocol/transport.ts';
import type { FaultHits } from '../simulator/wire/faults.ts';
import { PHONE_PATHS } from '../simulator/wire/phone-api.ts';
import { announcement } from './announce.ts';
import { refusedClient } from './client-probe.ts';
import { BRIDGE_PATHS, BRIDGE_VERSION, bridgeHeaders } from './device/bridge-api.ts';
import { CAPABILITIES } from './device/driver-capabilities.ts';
import type { Capability } from './device/driver-capabilities.ts';
import { diagnose } from './diagnoses.ts';
import { tidy } from './flow/words.ts';
import { jsonObject } from './json-object.ts';
import { cannotReset, lacking } from './plan-checks.ts';
import type { Demands } from './population/demands.ts';
import type { InventoryFacts } from './population/slices.ts';
import { PREFLIGHT_PARAMS } from './preflight-params.ts';
import type { Settings } from './settings.ts';
import { checkAddress, checkHosts } from './target.ts';
import type { Target } from './target.ts';
import http from 'k6/http';

/** The parts of the plan that the preflight needs. */
interface Preflight {
  readonly settings: Settings;
  readonly target: Target;
  readonly demands: Demands;
  readonly turns: number;
  readonly facts: InventoryFacts;
  /** What was cut from the plan because the users run out. */
  readonly cut: string | undefined;
  /** The options as the host shows them. */
  readonly options: ShownOptions;
}

/** What `setup` passes to the virtual users. */
export interface RunData {
  /** Unique for the run; first part of each flow's `state`. */
  readonly run: string;
  /** The simulator's count of each fault before this run. */
  readonly served?: Readonly<Record<string, FaultHits>>;
}

/** Result of the preflight. */
interface Looked extends RunData {
  /** Whether the device side can reset accounts. */
  readonly resets: boolean;
}

/** The relevant options of the run. Undefined: the host does not show it. */
type ShownOptions = Readonly<Partial<Record<'hosts' | 'throw', unknown>>>;

/** Rejects options that would break a run. Throws a ConfigurationError. */
export function checkOptions({ throw: throws }: ShownOptions): void {
  if (throws !== true) return;
  throw new ConfigurationError(
    'options.throw (K6_THROW, --throw) would turn each failed request into an exception, which could not be counted; leave it out',
  );
}

/**
 * Checks the target before any load: that load is allowed there, PingFederate's heartbeat, and that the device side can
 * do what the users need. Throws a ConfigurationError that says what to do.
 */
export async function preflight(plan: Preflight): Promise<Looked> {
  const { settings, target, demands, turns } = plan;
  const { users } = plan.facts;
  const all = [target.pf, target.device, settings.faultStartUrl, settings.faultEndUrl];
  checkOptions(plan.options);
  checkHosts(all, plan.options.hosts, settings.allowHosts);
  const headers = { ...settings.headers };
  const heartbeat = await http.asyncRequest('GET', target.pf + PATHS.heartbeat, null, { ...PREFLIGHT_PARAMS, headers });
  checkAddress('PF_BASE_URL', target.pf, heartbeat.remote_ip);
  const { status, error, error_code: errorCode } = heartbeat;
  const wrong = diagnose({ status, error, errorCode }, settings, __ENV[PROXY_VARIABLE] ?? '');
  if (wrong !== undefined) {
    throw new ConfigurationError(`PF_BASE_URL: no heartbeat from ${target.pf} (${wrong.found}); ${wrong.remedy}`);
  }
  const refused = await refusedClient(settings, target.pf);
  if (refused !== undefined) throw new ConfigurationError(`PF_CLIENT_ID: ${refused.found}; ${refused.remedy}`);
  if (settings.driver === 'simulated') await findPhoneApi(target.device);
  let resets = settings.driver === 'simulated';
  if (settings.driver === 'bridge') {
    const can = await askBridge(settings, target.device);
    const lacks = lacking('bridge', can, demands.needs);
    if (lacks !== undefined) throw new ConfigurationError(lacks);
    const again = turns > users && settings.usersExhausted === 'recycle';
    if (again && demands.changing.length > 0 && !can.includes('reset')) {
      throw new ConfigurationError(cannotReset('bridge', demands));
    }
    resets = can.includes('reset');
  }
  for (const line of announcement(settings, demands, turns, users, plan.cut)) console.log(line);
  return { run: sha256(randomBytes(16), 'hex').slice(0, 12), resets };
}

/** Recognises the phone API without changing anything: it rejects an empty request with a known code. */
export async function findPhoneApi(url: string): Promise<void> {
  const probe = {
    ...PREFLIGHT_PARAMS,
    responseCallback: http.expectedStatuses(400, 403),
    headers: { 'Content-Type': 'application/json' },
  };
  const phone = await http.asyncRequest('POST', url + PHONE_PATHS.code, '{}', probe);
  checkAddress('PHONE_URL', url, phone.remote_ip);
  const code = jsonObject(phone)?.['code'];
  if (code === 'FOREIGN_HOST') {
    throw new ConfigurationError(
      `PHONE_URL: the simulator at ${url} does not answer to this host name; start it with --base-url and this name`,
    );
  }
  if (code !== 'INVALID_REQUEST') {
    throw new ConfigurationError(
      `PHONE_URL: no phone API answers at ${url}; only the simulator has one (below PF_BASE_URL/phone). ` +
        'Against a real PingFederate set DEVICE_DRIVER to bridge, file or none',
    );
  }
}

/** The capabilities that a bridge reports. */
export async function askBridge(settings: Settings, url: string): Promise<readonly Capability[]> {
  const headers = bridgeHeaders({ token: settings.bridgeToken });
  const res = await http.asyncRequest('GET', url + BRIDGE_PATHS.capabilities, null, { ...PREFLIGHT_PARAMS, headers });
  checkAddress('BRIDGE_URL', url, res.remote_ip);
  const { version, can } = (res.status === 200 ? jsonObject(res) : undefined) ?? {};
  if (version !== BRIDGE_VERSION || !Array.isArray(can)) {
    const said = res.status === 200 ? 'its response is not of version 1' : res.error || `HTTP ${res.status}`;
    throw new ConfigurationError(
      `BRIDGE_URL: no bridge answers at ${url}${BRIDGE_PATHS.capabilities} (${said}); start one (docs/bridge.md), or correct URL and token`,
    );
  }
  const named = can.map((name: unknown) => (typeof name === 'string' ? name : '?'));
  const strange = named.find((name) => !Object.hasOwn(CAPABILITIES, name));
  if (strange !== undefined) {
    throw new ConfigurationError(
      `BRIDGE_URL: the bridge reports the unknown capability "${tidy(strange)}"; known: ${Object.keys(CAPABILITIES).join(', ')}`,
    );
  }
  return named as Capability[];
}
