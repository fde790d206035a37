import zlib from 'node:zlib';
import { responseCookies } from './cookie-jar.ts';
import type { ResponseCookie } from './cookie-jar.ts';
import type { Exchange, Timings } from './exchange.ts';
import type { Failure } from './failure.ts';
import { JsonPathError, followPath } from './json-path.ts';
import { headerValues, scriptHeaders } from './raw-headers.ts';
import { scriptBuffer } from './script-bytes.ts';
import type { HttpHost } from './ports.ts';
import type { WireHeaders } from './wire-headers.ts';

/** k6's `responseType`. */
export type ResponseType = 'text' | 'binary' | 'none';

/** The request as shown in `res.request`. */
export interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: WireHeaders;
  readonly body: string | Buffer | null;
  readonly cookies: readonly (readonly [name: string, value: string])[];
}

/** Fields of `JSON.stringify(res)`, in this order. */
const JSON_FIELDS = [
  'status',
  'status_text',
  'url',
  'error',
  'error_code',
  'body',
  'headers',
  'cookies',
  'timings',
  'proto',
  'remote_ip',
  'remote_port',
  'request',
] as const;

const MAX_BODY = 64 * 1024 * 1024;
const DECODERS: Readonly<Record<string, (data: Buffer) => Buffer>> = {
  gzip: (data) => zlib.gunzipSync(data, { maxOutputLength: MAX_BODY }),
  deflate: (data) => zlib.inflateSync(data, { maxOutputLength: MAX_BODY }),
  br: (data) => zlib.brotliDecompressSync(data, { maxOutputLength: MAX_BODY }),
};

/** The body of an answer, decoded by its content encoding. Throws zlib's error. */
export function decodedBody(exchange: Exchange): Buffer | undefined {
  const chunks = exchange.chunks;
  if (chunks === undefined) return undefined;
  // A script may keep the answer: do not keep the body's chunks as well.
  exchange.chunks = undefined;
  let body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  const encodings = headerValues(exchange.rawHeaders, 'content-encoding');
  if (encodings.length === 0) return body;
  for (const encoding of encodings.join(',').split(',').reverse()) {
    const decode = DECODERS[encoding.trim().toLowerCase()];
    if (decode !== undefined && body.length > 0) body = decode(body);
  }
  return body;
}

/**
 * An answer as a script sees it (k6-contract.md 6.2). Parts that are expensive and often unused (headers, cookies, body
 * text, request) are created when they are read.
 */
export class Response {
  readonly status: number;
  readonly url: string;
  readonly error: string;
  readonly error_code: number;
  readonly #host: HttpHost;
  readonly #exchange: Exchange | undefined;
  readonly #bytes: Buffer | undefined;
  readonly #type: ResponseType;
  readonly #request: SentRequest;
  #body: string | ArrayBuffer | null | undefined;
  #json: { readonly value: unknown } | undefined;
  #headers: Record<string, string> | undefined;
  #cookies: Record<string, ResponseCookie[]> | undefined;
  #timings: Timings | undefined;

  constructor(
    host: HttpHost,
    request: SentRequest,
    type: ResponseType,
    exchange: Exchange | undefined,
    bytes: Buffer | undefined,
    failure: Failure | undefined,
  ) {
    this.#host = host;
    this.#request = request;
    this.#exchange = exchange;
    this.#bytes = bytes;
    this.#type = type;
    const status = failure === undefined ? exchange!.status : 0;
    this.status = status;
    this.url = request.url;
    this.error = failure?.text ?? '';
    this.error_code = failure?.code ?? (status >= 400 && status < 600 ? 1_000 + status : 0);
  }

  get status_text(): string {
    return this.status === 0 ? '' : `${this.status} ${this.#exchange!.statusText}`.trim();
  }

  get body(): string | ArrayBuffer | null {
    if (this.#body === undefined) {
      const bytes = this.#bytes;
      if (this.#type === 'none' || this.status === 0) this.#body = null;
      else if (this.#type === 'binary') this.#body = scriptBuffer(bytes ?? new Uint8Array(0), this.#host.realm);
      else this.#body = bytes === undefined ? '' : bytes.toString('utf8');
    }
    return this.#body;
  }

  get headers(): Record<string, string> {
    return (this.#headers ??= this.status === 0 ? {} : scriptHeaders(this.#exchange!.rawHeaders));
  }

  get cookies(): Record<string, ResponseCookie[]> {
    return (this.#cookies ??=
      this.status === 0 ? {} : responseCookies(headerValues(this.#exchange!.rawHeaders, 'set-cookie')));
  }

  get timings(): Timings {
    return (this.#timings ??= this.#exchange?.timings ?? NO_TIMINGS);
  }

  get proto(): string {
    return this.status === 0 ? '' : 'HTTP/1.1';
  }

  get remote_ip(): string {
    return this.#exchange?.connection?.remoteIp ?? '';
  }

  get remote_port(): number {
    return this.#exchange?.connection?.remotePort ?? 0;
  }

  get tls_version(): string {
    return this.#exchange?.connection?.tlsVersion ?? '';
  }

  get tls_cipher_suite(): string {
    return this.#exchange?.connection?.tlsCipher ?? '';
  }

  /** Our own, not in k6: the request was sent twice, because the reused connection had been closed. */
  get resent(): boolean {
    return this.#exchange?.resent ?? false;
  }

  get request() {
    const { method, url, headers, body, cookies } = this.#request;
    return {
      method,
      url,
      headers: Object.fromEntries(
        headers.flatMap((name, at) => (at % 2 === 0 ? [[name, [headers[at + 1]!]] as const] : [])),
      ),
      body: body === null ? '' : body.toString(),
      cookies: Object.fromEntries(cookies.map(([name, value]) => [name, [{ name, value, replace: false }]])),
    };
  }

  /** The body as JSON, or the value at a dotted path. Throws if the body is not JSON. */
  json(path?: string): unknown {
    const { Error: ScriptError, JSON: scriptJson } = this.#host.realm;
    if (this.#json === undefined) {
      if (this.body === null)
        throw new ScriptError(
          `json(): the body is null${this.error === '' ? '' : ` (${this.error})`}, so it is not JSON`,
        );
      const text = this.#type === 'text' ? (this.body as string) : this.#bytes!.toString('utf8');
      try {
        this.#json = { value: scriptJson.parse(text) };
      } catch {
        throw new ScriptError(`json(): the body of ${this.#request.method} ${this.status} is not JSON`);
      }
    }
    if (path === undefined) return this.#json.value;
    try {
      return followPath(this.#json.value, path);
    } catch (error) {
      throw error instanceof JsonPathError ? new ScriptError(error.message) : error;
    }
  }

  html(): never {
    return this.#host.unsupported('html() is not supported by this engine; read res.body');
  }

  submitForm(): never {
    return this.#host.unsupported('submitForm() is not supported by this engine; send the form with http.asyncRequest');
  }

  clickLink(): never {
    return this.#host.unsupported(
      'clickLink() is not supported by this engine; follow the link with http.asyncRequest',
    );
  }

  /** Makes `JSON.stringify(res)` give the same as in k6. */
  toJSON(): object {
    return Object.fromEntries(JSON_FIELDS.map((name) => [name, this[name]]));
  }
}

const NO_TIMINGS: Timings = {
  blocked: 0,
  connecting: 0,
  tls_handshaking: 0,
  sending: 0,
  waiting: 0,
  receiving: 0,
  duration: 0,
};
