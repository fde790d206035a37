import { PHONE_BASE_PATH, PHONE_PATHS } from '../../simulator/wire/phone-api.ts';
import type { MobilePayload } from '../../simulator/wire/phone-api.ts';
import type { ApiError, FlowResource, TokenResponse } from '../../protocol/resources.ts';
import { PATHS } from '../../protocol/transport.ts';

/** An HTTP answer with its JSON, taken on trust: the tests say what must be in it. */
export interface Reply {
  readonly http: number;
  readonly headers: Headers;
  readonly flow: FlowResource;
  readonly error: ApiError;
  readonly token: TokenResponse;
  // The same JSON again, for answers that are none of the three.
  readonly json: Record<string, unknown>;
}

export const CLIENT = { id: 'pairstorm', secret: 'pairstorm-secret' };

/** Reads an answer whose body is JSON, text or nothing. */
export async function replyOf(response: Response): Promise<Reply> {
  const body = await response.text();
  let json: Record<string, unknown> = {};
  try {
    json = JSON.parse(body) as Record<string, unknown>;
  } catch {
    // HTML and text stay unread
  }
  return {
    http: response.status,
    headers: response.headers,
    flow: json as unknown as FlowResource,
    error: json as unknown as ApiError,
    token: json as unknown as TokenResponse,
    json,
  };
}

/** The payload that a simulated SDK makes. */
export function payloadOf(fields: Partial<MobilePayload> = {}): string {
  const payload: MobilePayload = {
    version: 1,
    platform: 'iPhone',
    model: 'iPhone 16',
    osVersion: '18.1',
    applicationId: 'com.example.bank',
    applicationVersion: '3.2.1',
    deviceId: null,
    rooted: false,
    integrity: 'ok',
    nonce: 'n',
    ...fields,
  };
  return Buffer.from(JSON.stringify(payload)).toString('base64url');
}

/** What a test may say of a request. */
export interface Init {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams;
}

/** What sends a request: the global fetch, or one that trusts the simulator's certificate. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** A client that drives one flow by hand, with its cookie, and may be told to do wrong. */
export class Player {
  readonly base: string;
  cookie: string | undefined;
  last: FlowResource = { id: '', status: '' };

  /** The states of the flow so far, each new one once. */
  states: string[] = [];
  readonly #fetch: Fetch;

  constructor(base: string, fetcher: Fetch = fetch) {
    this.base = base;
    this.#fetch = fetcher;
  }

  /** One request of the flow; keeps cookie and state. */
  async send(path: string, init: Init = {}): Promise<Reply> {
    const headers: Record<string, string> = { 'X-XSRF-Header': 'PingFederate', ...init.headers };
    if (this.cookie !== undefined) headers['cookie'] ??= this.cookie;
    const reply = await replyOf(await this.#fetch(this.base + path, { ...init, headers }));
    const set = reply.headers.getSetCookie()[0];
    if (set !== undefined) this.cookie = set.split(';')[0];
    if (reply.http === 200 && typeof reply.flow.status === 'string') this.#show(reply.flow);
    return reply;
  }

  #show(flow: FlowResource): void {
    if (flow.id !== this.last.id) this.states = [];
    if (flow.status !== this.states.at(-1)) this.states.push(flow.status);
    this.last = flow;
  }

  start(extra: Record<string, string> = {}): Promise<Reply> {
    return this.send(`${PATHS.authorization}?${new URLSearchParams({ ...START, ...extra }).toString()}`);
  }

  act(action: string, body: unknown = {}): Promise<Reply> {
    return this.send(`${PATHS.flows}/${this.last.id}`, {
      method: 'POST',
      headers: { 'content-type': `application/vnd.pingidentity.${action}+json` },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  read(): Promise<Reply> {
    return this.send(`${PATHS.flows}/${this.last.id}`);
  }

  /** Start and first factor: the flow is in AUTHENTICATION_REQUIRED. */
  async signIn(username: string, extra: Record<string, string> = {}): Promise<Reply> {
    await this.start(extra);
    return this.act('checkUsernamePassword', { username, password: `password of ${username}` });
  }

  /** … and `authenticate`, with a payload unless null is given. */
  async authenticate(username: string, phone: Partial<MobilePayload> | null = {}): Promise<Reply> {
    await this.signIn(username);
    return this.act('authenticate', phone === null ? {} : { mobilePayload: payloadOf(phone) });
  }

  /** The phone's side. */
  phone(what: keyof typeof PHONE_PATHS, body: unknown): Promise<Reply> {
    return postJson(this.base + PHONE_BASE_PATH + PHONE_PATHS[what], body, this.#fetch);
  }

  /** Tokens for the code of the completed flow, by secret unless other fields are given. */
  redeem(fields: Record<string, string> = { client_secret: CLIENT.secret }): Promise<Reply> {
    return redeem(this.base, { code: this.last.authorizeResponse?.code ?? '', ...fields }, {}, this.#fetch);
  }

  /** Continues, redeems, and says what the status attribute of the access token is, without its prefix. */
  async finish(): Promise<string> {
    await this.act('continueAuthentication');
    const { token } = await this.redeem();
    const claims = claimsOf(token.access_token);
    return String(claims['pingone.mfa.status'] ?? claims['com.pingidentity.pingone.status']).replace(
      'com.pingidentity.pingone.',
      '',
    );
  }
}

/** Parameters of a redirectless start. */
export const START = { client_id: CLIENT.id, response_type: 'code', response_mode: 'pi.flow', scope: 'openid' };

/** POST to the token endpoint. */
export async function redeem(
  base: string,
  fields: Record<string, string>,
  headers = {},
  fetcher: Fetch = fetch,
): Promise<Reply> {
  const form = new URLSearchParams({ grant_type: 'authorization_code', client_id: CLIENT.id, ...fields });
  return replyOf(await fetcher(base + PATHS.token, { method: 'POST', body: form, headers }));
}

/** POST of a JSON body. */
async function postJson(url: string, body: unknown, fetcher: Fetch = fetch): Promise<Reply> {
  const headers = { 'content-type': 'application/json' };
  return replyOf(await fetcher(url, { method: 'POST', headers, body: JSON.stringify(body) }));
}

/** Claims of a JWT, unverified. */
export function claimsOf(jwt: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;
}
