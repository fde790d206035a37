import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { AwsV4Signer } from 'aws4fetch';
import { request } from 'undici';
import type { Dispatcher } from 'undici';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import { dispatcherTo } from '../../engine/http/proxied-dispatcher.ts';
import { proxyChoice } from '../../engine/http/proxy.ts';
import { proxiesOf } from '../proxy-environment.ts';
import { givenIn } from '../script-environment.ts';
import type { Store } from './store.ts';

/** A bucket, and a folder in it without slashes at its ends. */
export interface S3Place {
  readonly bucket: string;
  readonly prefix: string;
  /** The flag that named it. */
  readonly flag: string;
}

const PLACE = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:\/[\w.-]+)*)\/?$/;

/** Reads `s3://bucket/prefix`. Throws a ConfigurationError, which does not quote what may hold a key. */
export function readS3Place(text: string, flag: string): S3Place {
  const [, bucket, path = ''] = PLACE.exec(text) ?? [];
  if (bucket === undefined || path.split('/').includes('..'))
    throw new ConfigurationError(
      `${flag}: write s3://bucket/prefix, with letters, digits, and . _ - in the prefix; keys are in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`,
    );
  return { bucket, prefix: path.slice(1), flag };
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The variables of AWS's own tools. */
interface Account {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly region: string;
  /** Base URL of the bucket, without a slash at its end. */
  readonly bucketUrl: string;
}

function accountOf({ bucket, flag }: S3Place, env: Environment): Account {
  const given = (name: string): string | undefined => givenIn(env, name);
  const [accessKeyId, secretAccessKey] = [given('AWS_ACCESS_KEY_ID'), given('AWS_SECRET_ACCESS_KEY')];
  if (accessKeyId === undefined || secretAccessKey === undefined)
    throw new ConfigurationError(`${flag}: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment`);
  const region = given('AWS_REGION') ?? given('AWS_DEFAULT_REGION') ?? 'us-east-1';
  const endpoint = given('AWS_ENDPOINT_URL_S3') ?? given('AWS_ENDPOINT_URL');
  if (endpoint !== undefined && !/^https?:\/\/[^/?#@\s]+\/?$/.test(endpoint))
    throw new ConfigurationError('AWS_ENDPOINT_URL_S3 is not an address such as https://s3.example.com');
  const sessionToken = given('AWS_SESSION_TOKEN');
  // A name with dots has no certificate as a host.
  const amazon = bucket.includes('.')
    ? `https://s3.${region}.amazonaws.com/${bucket}`
    : `https://${bucket}.s3.${region}.amazonaws.com`;
  const bucketUrl = endpoint === undefined ? amazon : `${endpoint.replace(/\/$/, '')}/${bucket}`;
  return { accessKeyId, secretAccessKey, region, bucketUrl, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

/** What a refusal of S3 means, by its code (Amazon S3 API, "Error responses"). */
const REFUSALS: Readonly<Record<string, string>> = {
  NoSuchBucket: 'there is no such bucket',
  InvalidAccessKeyId: 'the credentials are refused: AWS_ACCESS_KEY_ID is not known there',
  SignatureDoesNotMatch: 'the credentials are refused: AWS_SECRET_ACCESS_KEY is not that of AWS_ACCESS_KEY_ID',
  AccessDenied: 'the credentials do not grant this; needed are s3:ListBucket, s3:GetObject and s3:PutObject',
  ExpiredToken: 'the credentials have expired',
  InvalidToken: 'the credentials are refused: AWS_SESSION_TOKEN does not belong to them',
  RequestTimeTooSkewed: 'the clock of this machine is wrong by more than 15 minutes; synchronise it (NTP)',
  PermanentRedirect: 'the bucket is in another region; set AWS_REGION',
  AuthorizationHeaderMalformed: 'the bucket is in another region; set AWS_REGION',
  SlowDown: 'it is too busy',
};

interface Asked {
  readonly method: 'GET' | 'PUT';
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text, or a file of this machine. */
  readonly body?: { readonly text: string } | { readonly file: string };
}

/** How often a request is sent that is not served for now (5xx, 429, no answer), and how long an answer may take. */
const ATTEMPTS = 6;
const TIMEOUT_MS = 30_000;

/** An S3 store: Amazon's, or another by AWS_ENDPOINT_URL_S3. Requests are signed (Signature Version 4), bodies included. */
export class S3Store implements Store {
  readonly place: string;
  readonly #at: S3Place;
  readonly #account: Account;
  readonly #dispatcher: Dispatcher;

  /** Throws a ConfigurationError if the environment lacks the credentials. */
  constructor(at: S3Place, env: Environment) {
    this.#at = at;
    this.#account = accountOf(at, env);
    this.place = `s3://${at.bucket}${at.prefix === '' ? '' : `/${at.prefix}`}`;
    this.#dispatcher = dispatcherTo(this.#account.bucketUrl, proxyChoice(proxiesOf(env)));
  }

  async list(prefix: string): Promise<readonly string[]> {
    const keys: string[] = [];
    const below = this.#keyOf('');
    for (let token: string | undefined; ;) {
      const text = await this.#text({
        method: 'GET',
        query: {
          'list-type': '2',
          prefix: this.#keyOf(prefix),
          ...(token === undefined ? {} : { 'continuation-token': token }),
        },
      });
      // Whatever answers 200 to anything would take records, and give none back.
      if (!text.includes('<ListBucketResult'))
        throw new ConfigurationError(
          `${this.#at.flag} ${this.place}: what answers is not an S3 store; see AWS_ENDPOINT_URL_S3`,
        );
      for (const [, key = ''] of text.matchAll(/<Key>([^<]*)<\/Key>/g)) keys.push(unescaped(key).slice(below.length));
      token = /<NextContinuationToken>([^<]*)</.exec(text)?.[1];
      if (token === undefined) return keys;
      token = unescaped(token);
    }
  }

  async putFile(key: string, file: string): Promise<void> {
    await this.#text({ method: 'PUT', key, body: { file } });
  }

  async putText(key: string, text: string): Promise<void> {
    await this.#text({ method: 'PUT', key, body: { text } });
  }

  async claim(key: string, text: string): Promise<boolean> {
    // Looked at first, too: not every store knows conditional writes.
    if ((await this.list(key)).includes(key)) return false;
    const headers = { 'if-none-match': '*' };
    return (await this.#send({ method: 'PUT', key, body: { text }, headers }, [409, 412])) !== undefined;
  }

  async readText(key: string): Promise<string | undefined> {
    return this.#send({ method: 'GET', key }, [404]);
  }

  async fetch(prefix: string, into: string): Promise<string> {
    for (const key of await this.list(`${prefix}/`)) {
      const file = join(into, key);
      mkdirSync(dirname(file), { recursive: true });
      await this.#send({ method: 'GET', key }, [], file);
    }
    return join(into, prefix);
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }

  #keyOf(key: string): string {
    return this.#at.prefix === '' ? key : `${this.#at.prefix}/${key}`;
  }

  async #text(asked: Asked): Promise<string> {
    return (await this.#send(asked, []))!;
  }

  /**
   * Sends a request, again if it is not served for now; the body of the answer, in a file if one is given. Undefined for
   * one of the `allowed` refusals. Throws a ConfigurationError for any other.
   */
  async #send(asked: Asked, allowed: readonly number[], file?: string): Promise<string | undefined> {
    let why = '';
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      if (attempt > 1) await delay(125 * 2 ** attempt);
      try {
        const { statusCode, body } = await this.#once(asked);
        if (statusCode >= 200 && statusCode < 300) {
          if (file === undefined) return await body.text();
          await pipeline(body, createWriteStream(file));
          return '';
        }
        const text = await body.text();
        if (allowed.includes(statusCode) && !text.includes('<Code>NoSuchBucket<')) return undefined;
        const code = /<Code>([A-Za-z]{1,60})<\/Code>/.exec(text)?.[1] ?? (statusCode === 403 ? 'AccessDenied' : '');
        why = `${REFUSALS[code] ?? 'it refuses the request'} (${['HTTP', statusCode, code].join(' ').trim()})`;
        if (statusCode !== 429 && statusCode < 500) break;
      } catch (error) {
        const { code } = error as { readonly code?: unknown };
        why = `it does not answer${typeof code === 'string' ? ` (${code})` : ''}`;
      }
    }
    throw new ConfigurationError(`${this.#at.flag} ${this.place}: ${why}`);
  }

  async #once({ method, key, query = {}, headers = {}, body }: Asked): Promise<Dispatcher.ResponseData> {
    const { bucketUrl, ...account } = this.#account;
    const url = new URL(key === undefined ? `${bucketUrl}/` : `${bucketUrl}/${this.#keyOf(key)}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const signer = new AwsV4Signer({
      ...account,
      ...{ method, url: url.href, service: 's3' },
      // By it, the store knows a body that arrived damaged.
      headers: { ...headers, 'x-amz-content-sha256': await digestOf(body) },
    });
    const signed = await signer.sign();
    const content =
      body === undefined
        ? {}
        : 'text' in body
          ? { body: body.text }
          : { body: createReadStream(body.file), headers: { 'content-length': String(statSync(body.file).size) } };
    return request(signed.url, {
      method,
      dispatcher: this.#dispatcher,
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
      ...content,
      headers: { ...Object.fromEntries(signed.headers), ...content.headers },
    });
  }
}

async function digestOf(body: Asked['body']): Promise<string> {
  const hash = createHash('sha256');
  if (body !== undefined && 'file' in body) await pipeline(createReadStream(body.file), hash);
  else hash.update(body?.text ?? '');
  return hash.digest('hex');
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replace(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
