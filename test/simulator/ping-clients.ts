import { request as overHttp } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { request as overTls } from 'node:https';
import type { ApiError, FlowResource, TokenResponse } from '../../protocol/resources.ts';
import { CLIENT, payloadOf } from './player.ts';

/** A request as it goes out. A chunked body has no length; a body that is absent is one of length 0. */
interface Sent {
  readonly method: 'GET' | 'POST' | 'OPTIONS';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly chunked?: boolean;
}

/** An answer with its JSON, taken on trust: the tests say what must be in it. */
interface Got {
  readonly http: number;
  readonly headers: IncomingHttpHeaders;
  readonly json: FlowResource & ApiError & TokenResponse & { readonly otp: string };
}

/** Sends a request just so, over HTTP, or over TLS with whatever certificate. */
export function send(base: string, { method, path, headers, body, chunked = false }: Sent): Promise<Got> {
  return new Promise((resolve, reject) => {
    const length = body === undefined || chunked ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const options = { method, headers: { ...headers, ...length }, rejectUnauthorized: false };
    const request = (base.startsWith('https:') ? overTls : overHttp)(base + path, options, (response) => {
      let text = '';
      response.on('data', (part: Buffer) => (text += part.toString()));
      response.on('end', () => {
        const json = JSON.parse(text === '' ? '{}' : text) as Got['json'];
        resolve({ http: response.statusCode ?? 0, headers: response.headers, json });
      });
    });
    request.on('error', reject);
    if (chunked && body !== undefined) request.write(body);
    request.end(chunked ? undefined : body);
  });
}

const AUTHORIZATION = '/as/authorization.oauth2';
const FLOWS = '/pf-ws/authn/flows/';
const typeOf = (action: string): string => `application/vnd.pingidentity.${action}+json`;
const valueOfCookie = ({ headers }: Got): string | undefined => headers['set-cookie']?.[0]?.split(';')[0];

/** What a test has one of Ping's clients do. Each keeps its session as that client does, and sends what that client sends. */
export abstract class PingClient {
  readonly base: string;
  flow: FlowResource = { id: '', status: '' };
  /** Answers that were no 200. */
  readonly refused: Got['json'][] = [];

  constructor(base: string) {
    this.base = base;
  }

  abstract start(): Promise<Got>;
  /** Asks whether a push was decided, as often as the client does at a time. */
  abstract wait(): Promise<void>;
  abstract token(code: string): Promise<Got>;
  protected abstract post(action: string, model?: object): Promise<Got>;

  signOn(username: string): Promise<Got> {
    return this.act('checkUsernamePassword', { username, password: `password of ${username}` });
  }
  authenticate(): Promise<Got> {
    return this.act('authenticate', { mobilePayload: payloadOf() });
  }
  async select(id: string): Promise<void> {
    // Somebody who asks for the code once more.
    for (let times = 0; times < 2; times++) {
      await this.act('selectDevice', { deviceRef: { id }, mobilePayload: payloadOf() });
    }
  }
  enter(otp: string): Promise<Got> {
    return this.act('checkOtp', { otp });
  }
  goOn(): Promise<Got> {
    return this.act('continueAuthentication', {});
  }
  cancel(): Promise<Got> {
    return this.act('cancelAuthentication');
  }

  protected act(action: string, model?: object): Promise<Got> {
    return this.post(action, model);
  }

  protected took(got: Got): Got {
    if (got.http !== 200) this.refused.push(got.json);
    else if (typeof got.json.status === 'string') this.flow = got.json;
    return got;
  }
}

/** Ping's Android core client: reads cookies of 200 answers only, sends every body chunked. [android, measured] */
export class AndroidClient extends PingClient {
  #cookie: string | undefined;

  async #post(path: string, type: string, body: string): Promise<Got> {
    const cookie = this.#cookie === undefined ? {} : { cookie: this.#cookie };
    const headers = { 'X-XSRF-Header': 'PingFederate', 'Content-Type': type, ...cookie };
    const got = await send(this.base, { method: 'POST', path, headers, body, chunked: true });
    if (got.http === 200) this.#cookie = valueOfCookie(got) ?? this.#cookie;
    return this.took(got);
  }

  start(): Promise<Got> {
    const query = `response_type=code&client_id=${CLIENT.id}&scope=openid&response_mode=pi.flow`;
    return this.#post(`${AUTHORIZATION}?${query}`, typeOf('authorization.oauth2'), '{}');
  }
  protected post(action: string, model: object = {}): Promise<Got> {
    return this.#post(FLOWS + this.flow.id, typeOf(action), JSON.stringify(model));
  }
  async wait(): Promise<void> {
    await this.post('poll');
  }
  override enter(otp: string): Promise<Got> {
    return this.post('checkOtp', { otp, mobilePayload: payloadOf() });
  }
  token(code: string): Promise<Got> {
    const form = `grant_type=authorization_code&code=${code}&client_id=${CLIENT.id}&client_secret=${CLIENT.secret}`;
    return this.#post('/as/token.oauth2', 'application/x-www-form-urlencoded', form);
  }
}

/** Ping's iOS client: parameters in both places, no body where there is no model, polls that overlap. [ios source] */
export class IosClient extends PingClient {
  #cookie: string | undefined;

  async #post(path: string, type: string, body?: string): Promise<Got> {
    const cookie = this.#cookie === undefined ? {} : { cookie: this.#cookie };
    const headers = { 'X-XSRF-Header': 'test', 'Content-Type': type, ...cookie };
    const got = await send(this.base, { method: 'POST', path, headers, ...(body !== undefined && { body }) });
    this.#cookie = valueOfCookie(got) ?? this.#cookie;
    return this.took(got);
  }

  start(): Promise<Got> {
    const protocolParameters = {
      client_id: CLIENT.id,
      response_type: 'code',
      scope: 'openid',
      response_mode: 'pi.flow',
    };
    const query = new URLSearchParams(protocolParameters).toString();
    const body = JSON.stringify({ protocolParameters }, null, 2);
    return this.#post(`${AUTHORIZATION}?${query}`, typeOf('initiateOAuthAuthorization'), body);
  }
  protected post(action: string, model?: object): Promise<Got> {
    const body = model === undefined ? undefined : JSON.stringify(model, null, 2);
    return this.#post(FLOWS + this.flow.id, typeOf(action), body);
  }
  async wait(): Promise<void> {
    await Promise.all([this.post('poll'), this.post('poll'), this.post('poll')]);
  }
  override goOn(): Promise<Got> {
    return this.post('continueAuthentication');
  }
  token(code: string): Promise<Got> {
    const form = `code=${code}&grant_type=authorization_code&client_id=${CLIENT.id}&client_secret=${CLIENT.secret}&`;
    return this.#post('/as/token.oauth2', 'application/x-www-form-urlencoded', form);
  }
}

/** Origin of the page that holds the widget. */
export const PAGE = 'http://localhost:8080';

/** Ping's widget in a browser, on a page of another origin. [widget, measured] */
export class Widget extends PingClient {
  readonly #cookieless: boolean;
  /** The cookie, or the state of the last action. */
  #session: string | undefined;

  constructor(base: string, cookieless: boolean) {
    super(base);
    this.#cookieless = cookieless;
  }

  /** As a browser: asks first where a header or a type is not simple, and reads nothing that it is not allowed to. */
  async #fetch(method: 'GET' | 'POST', path: string, headers: Record<string, string>, body?: string): Promise<Got> {
    const asked = Object.keys(headers).map((name) => name.toLowerCase());
    if (asked.length > 0) {
      const request = { 'access-control-request-method': method, 'access-control-request-headers': asked.join(',') };
      const allowed = await send(this.base, { method: 'OPTIONS', path, headers: { origin: PAGE, ...request } });
      const names = String(allowed.headers['access-control-allow-headers']).split(', ');
      if (allowed.http !== 204 || !asked.every((name) => names.includes(name))) throw new Error(`no ${asked.join()}`);
    }
    const cookie = !this.#cookieless && this.#session !== undefined ? { cookie: this.#session } : {};
    const sent = { origin: PAGE, ...cookie, ...headers };
    const got = await send(this.base, { method, path, headers: sent, ...(body !== undefined && { body }) });
    const { 'access-control-allow-origin': origin, 'access-control-allow-credentials': credentials } = got.headers;
    if (origin !== PAGE || credentials !== 'true') throw new Error('the page may not read this');
    if (!this.#cookieless) this.#session = valueOfCookie(got) ?? this.#session;
    return this.took(got);
  }

  #headers(): Record<string, string> {
    const state = this.#cookieless && this.#session !== undefined ? { 'X-Pf-Authn-Api-State': this.#session } : {};
    return { Accept: 'application/json', 'X-XSRF-Header': 'pf-js-widget', ...state };
  }

  async start(): Promise<Got> {
    const id = this.#cookieless ? 'pairstorm-cookieless' : CLIENT.id;
    const got = await this.#fetch(
      'GET',
      `${AUTHORIZATION}?client_id=${id}&response_type=code&scope=openid&response_mode=pi.flow`,
      {},
    );
    if (this.#cookieless) this.#session = got.json._pf_authn_api_state;
    return got;
  }
  protected async post(action: string, model?: object): Promise<Got> {
    const headers = { ...this.#headers(), 'Content-Type': typeOf(action) };
    const body = model === undefined ? undefined : JSON.stringify(model);
    const got = await this.#fetch('POST', FLOWS + this.flow.id, headers, body);
    if (this.#cookieless) this.#session = got.json._pf_authn_api_state;
    return got;
  }
  async wait(): Promise<void> {
    for (let reads = 0; reads < 3; reads++) await this.#fetch('GET', FLOWS + this.flow.id, this.#headers());
  }
  override signOn(username: string): Promise<Got> {
    const form = { username, password: `password of ${username}`, rememberMyUsername: 'on', thisIsMyDevice: 'on' };
    return this.post('checkUsernamePassword', { ...form, captchaResponse: 'none' });
  }
  override authenticate(): Promise<Got> {
    return this.post('authenticate', {});
  }
  override async select(id: string): Promise<void> {
    // Two handlers hear one click.
    await Promise.all([
      this.post('selectDevice', { deviceRef: { id } }),
      this.post('selectDevice', { deviceRef: { id } }),
    ]);
  }
  token(code: string): Promise<Got> {
    const id = this.#cookieless ? 'pairstorm-cookieless' : CLIENT.id;
    const form = `grant_type=authorization_code&code=${code}&client_id=${id}&client_secret=${CLIENT.secret}`;
    return this.#fetch('POST', '/as/token.oauth2', { 'Content-Type': 'application/x-www-form-urlencoded' }, form);
  }
}
