import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { encodeInventory } from '../../contract/inventory.ts';
import type { Inventory } from '../../contract/inventory.ts';
import { STATUS_ATTRIBUTES, STATUS_PREFIX } from '../../protocol/status-attribute.ts';
import { PATHS } from '../../protocol/transport.ts';
import { startSimulator } from '../../simulator/simulator.ts';
import { startFront } from '../lib/deployment/front.ts';
import type { Exchange } from '../lib/deployment/front.ts';
import { people } from '../lib/deployment/stage.ts';
import { emptyFolder } from './command.ts';

/** How a deployment lets people in without the second factor. */
export interface Misbehaviour {
  /**
   * `start`: every request of the flow is answered with COMPLETED, the first one too. `password`: MFA_COMPLETED comes straight
   * after the password, in the place of AUTHENTICATION_REQUIRED.
   */
  readonly at: 'start' | 'password';
  /** Value of the status attribute in the token, without its prefix, such as `web_login_no_devices`; undefined: it has none. */
  readonly status?: string;
  /** Only each n-th flow of those started; 1, the default: all. So a fault shows that only load brings out. */
  readonly every?: number;
}

/** A deployment that `pairstorm` can be pointed at. */
export interface MisbehavingDeployment {
  readonly url: string;
  /** Settings with which each user of the inventory plays one flow there. */
  readonly env: Readonly<Record<string, string>>;
  /** How many flows were started, and how many of them got a token without the second factor. */
  readonly counts: () => { readonly started: number; readonly letIn: number };
  readonly close: () => Promise<void>;
}

/** A flow that is let in. */
interface LetIn {
  readonly id: string;
  readonly state: string | null;
  passed: boolean;
}

const CODE = 'let-in-';

/**
 * Starts a simulator, and before it a server that answers some requests otherwise: real HTTP, real users, real phones. Flows
 * that it does not touch are the simulator's. Its tokens are signed JWTs with the claims of the simulator's.
 */
export async function misbehavingDeployment(
  { at, status, every = 1 }: Misbehaviour,
  inventory: Inventory = people('F7', 'F10'),
): Promise<MisbehavingDeployment> {
  const simulator = await startSimulator({ inventory, port: 0, latency: 'off', workers: 0 });
  const flows = new Map<string, LetIn>();
  const key = randomBytes(32);
  const claims = status === undefined ? {} : { [STATUS_ATTRIBUTES[0]]: STATUS_PREFIX + status };
  const token = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('1h').sign(key);
  let started = 0;
  let letIn = 0;

  const completed = ({ id, state }: LetIn): object => ({
    ...{ id, status: 'COMPLETED', pluginTypeId: 'front', _links: {} },
    authorizeResponse: { code: CODE + id, ...(state === null ? {} : { state }) },
  });
  const ofFlow = (id: string, exchange: Exchange): object | undefined => {
    const flow = flows.get(id);
    if (flow === undefined) return undefined;
    if (at === 'start') return completed(flow);
    // After MFA_COMPLETED the client has one thing to do: continueAuthentication.
    if (flow.passed) return exchange.method === 'POST' ? completed(flow) : mfaCompleted(id);
    if (jsonOf(exchange)['status'] !== 'AUTHENTICATION_REQUIRED') return undefined;
    flow.passed = true;
    return mfaCompleted(id);
  };
  const otherwise = (exchange: Exchange): object | undefined => {
    const { pathname, searchParams } = new URL(exchange.url, simulator.url);
    if (pathname === PATHS.authorization && exchange.status === 200) {
      started++;
      const id = String(jsonOf(exchange)['id']);
      if (started % every !== 0) return undefined;
      flows.set(id, { id, state: searchParams.get('state'), passed: false });
      return ofFlow(id, exchange);
    }
    if (pathname.startsWith(`${PATHS.flows}/`)) return ofFlow(pathname.slice(PATHS.flows.length + 1), exchange);
    if (pathname !== PATHS.token || !exchange.body.includes(`code=${CODE}`)) return undefined;
    letIn++;
    return { access_token: token, token_type: 'Bearer', expires_in: 3_600 };
  };

  const front = await startFront(simulator.url, (exchange) => {
    const answer = otherwise(exchange);
    return answer === undefined ? undefined : { status: 200, answer: JSON.stringify(answer) };
  });
  const users = String(inventory.users.length);
  const INVENTORY = join(emptyFolder(), 'inventory.json');
  writeFileSync(INVENTORY, encodeInventory(inventory));
  return {
    url: front.url,
    // People hurry, the simulator's lifetimes do not: a busy machine cannot turn an approval into a timeout.
    env: {
      ...{ PF_BASE_URL: front.url, INVENTORY, FLOWS: users, VUS: users },
      ...{ TIME_SCALE: '0.1', PUSH_DECIDED_BY: 'poll' },
    },
    counts: () => ({ started, letIn }),
    close: async () => {
      front.close();
      await simulator.close();
    },
  };
}

function mfaCompleted(id: string): object {
  const href = { href: `${PATHS.flows}/${id}` };
  return { id, status: 'MFA_COMPLETED', pluginTypeId: 'front', _links: { self: href, continueAuthentication: href } };
}

function jsonOf({ answer }: Exchange): Record<string, unknown> {
  try {
    return JSON.parse(answer) as Record<string, unknown>;
  } catch {
    return {};
  }
}
