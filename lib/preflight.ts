import http from 'k6/http';
import { randomBytes, sha256 } from 'k6/crypto';
import { BRIDGE_PATHS, BRIDGE_VERSION } from '../contract/bridge-api.ts';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { CAPABILITIES } from '../contract/device-driver.ts';
import type { Capability } from '../contract/device-driver.ts';
import { PHONE_PATHS } from '../contract/phone-api.ts';
import { PATHS } from '../protocol/transport.ts';
import { announcement } from './announce.ts';
import { bridgeHeaders } from './device/bridge.ts';
import { tidy } from './flow/words.ts';
import { jsonObject } from './json-object.ts';
import { cannotReset, lacking } from './plan-checks.ts';
import type { Demands } from './population/demands.ts';
import type { InventoryFacts } from './population/slices.ts';
import type { Settings } from './settings.ts';
import { checkAddress, checkHosts } from './target.ts';
import type { Target } from './target.ts';
import type { RunData } from './virtual-user.ts';

const PARAMS = { tags: { name: 'preflight', peer: 'setup' }, redirects: 0, timeout: '10s' };

/** What the look at the target needs to know of the plan. */
export interface Preflight {
  readonly settings: Settings;
  readonly target: Target;
  readonly demands: Demands;
  readonly turns: number;
  readonly facts: InventoryFacts;
  /** What of the plan was cut because the users run out. */
  readonly cut: string | undefined;
  /** The option `hosts` as the host shows it. */
  readonly hosts: unknown;
}

/**
 * Looks at the target before any load: that it is where it may be, PingFederate's heartbeat, and a device side that can do what
 * the users need. Throws a ConfigurationError that says what to do.
 */
export async function preflight(plan: Preflight): Promise<RunData> {
  const { settings, target, demands, turns } = plan;
  const { users } = plan.facts;
  const all = [target.pf, target.device, settings.faultStartUrl, settings.faultEndUrl];
  checkHosts(all, plan.hosts, settings.allowHosts);
  const headers = { ...settings.headers };
  const heartbeat = await http.asyncRequest('GET', target.pf + PATHS.heartbeat, null, { ...PARAMS, headers });
  checkAddress('PF_BASE_URL', target.pf, heartbeat.remote_ip);
  if (heartbeat.status !== 200) {
    throw new ConfigurationError(
      `PF_BASE_URL: ${target.pf} gives no heartbeat (${heartbeat.error || `HTTP ${heartbeat.status}`}); ` +
        'start PingFederate, or "pairstorm simulate", or correct the URL',
    );
  }
  if (settings.driver === 'simulated') await findPhoneApi(target.device);
  if (settings.driver === 'bridge') {
    const can = await askBridge(settings, target.device);
    const lacks = lacking('bridge', can, demands.needs);
    if (lacks !== undefined) throw new ConfigurationError(lacks);
    const again = turns > users && settings.usersExhausted === 'recycle';
    if (again && demands.changing.length > 0 && !can.includes('reset')) {
      throw new ConfigurationError(cannotReset('bridge', demands));
    }
  }
  for (const line of announcement(settings, demands, turns, users, plan.cut)) console.log(line);
  return { run: sha256(randomBytes(16), 'hex').slice(0, 12) };
}

/** An empty request is refused by name: that is how the phone API is recognised without touching anything. */
export async function findPhoneApi(url: string): Promise<void> {
  const probe = {
    ...PARAMS,
    responseCallback: http.expectedStatuses(400),
    headers: { 'Content-Type': 'application/json' },
  };
  const phone = await http.asyncRequest('POST', url + PHONE_PATHS.code, '{}', probe);
  checkAddress('PHONE_URL', url, phone.remote_ip);
  if (jsonObject(phone)?.['code'] !== 'INVALID_REQUEST') {
    throw new ConfigurationError(
      `PHONE_URL: no phone API answers at ${url}; only the simulator has one (below PF_BASE_URL/phone). ` +
        'Against a real PingFederate set DEVICE_DRIVER to bridge, file or none',
    );
  }
}

/** What a bridge can do, by its own word. */
export async function askBridge(settings: Settings, url: string): Promise<readonly Capability[]> {
  const { bridgeTimeoutMs: timeoutMs, bridgeToken: token } = settings;
  const headers = bridgeHeaders({ url, timeoutMs, token });
  const res = await http.asyncRequest('GET', url + BRIDGE_PATHS.capabilities, null, { ...PARAMS, headers });
  checkAddress('BRIDGE_URL', url, res.remote_ip);
  const { version, can } = (res.status === 200 ? jsonObject(res) : undefined) ?? {};
  if (version !== BRIDGE_VERSION || !Array.isArray(can)) {
    const said = res.status === 200 ? 'an answer that is none of version 1' : res.error || `HTTP ${res.status}`;
    throw new ConfigurationError(
      `BRIDGE_URL: no bridge answers at ${url}${BRIDGE_PATHS.capabilities} (${said}); start one (docs/bridge.md), or correct URL and token`,
    );
  }
  const named = can.map((name: unknown) => (typeof name === 'string' ? name : '?'));
  const strange = named.find((name) => !Object.hasOwn(CAPABILITIES, name));
  if (strange !== undefined) {
    throw new ConfigurationError(
      `BRIDGE_URL: the bridge says that it can "${tidy(strange)}", which is not known; known: ${Object.keys(CAPABILITIES).join(', ')}`,
    );
  }
  return named as Capability[];
}
