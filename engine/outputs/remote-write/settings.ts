import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { ConfigurationError } from '../../../contract/configuration-error.ts';
import { didYouMean } from '../../../contract/nearest.ts';
import { readDuration } from '../../../contract/duration.ts';
import { HEADER, PREFIX, readHeaders, readPairs } from './headers.ts';

/** Where a run sends its metrics, and how: `--out prometheus-rw=URL` and the K6_PROMETHEUS_RW_* variables. */
export interface RemoteWriteTarget {
  readonly kind: 'prometheus-rw';
  /** Of the receiver; without user information. */
  readonly url: string;
  readonly pushIntervalMs: number;
  /** Headers of each request, the one that authenticates among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Labels of every series; the series' own win. */
  readonly labels: Readonly<Record<string, string>>;
  readonly tls: {
    readonly rejectUnauthorized: boolean;
    readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
    readonly cert?: Buffer | undefined;
    readonly key?: Buffer | undefined;
  };
  /** Mark the series as ended when the run is. */
  readonly staleMarkers: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The variable of trend statistics, which holds for scraping too. */
export const TREND_STATS_VARIABLE = `${PREFIX}TREND_STATS`;

const DEFAULT_URL = 'http://localhost:9090/api/v1/write';

/** Every variable (k6-contract.md 8.3), without the prefix, and what it is for; null: not supported. */
export const REMOTE_WRITE_VARIABLES: Readonly<Record<string, string | null>> = {
  SERVER_URL: `the receiver; default \`${DEFAULT_URL}\``,
  PUSH_INTERVAL: 'time between two pushes; default `5s`',
  TREND_STATS: 'statistics of trends; default `p(95),p(99),max,count,sum`',
  USERNAME: 'name for HTTP basic authentication',
  PASSWORD: 'its password',
  BEARER_TOKEN: 'token for `Authorization: Bearer`, in place of name and password',
  HTTP_HEADERS: 'further headers, `name:value,…`; or one each in `K6_PROMETHEUS_RW_HEADERS_<name>`',
  LABELS:
    'labels of every series, `name=value,…`; tags win over them. `instance` is the host’s name unless it is given here',
  INSECURE_SKIP_TLS_VERIFY: '`true`: any certificate will do',
  TLS_MINIMUM_VERSION: '`1.2` or `1.3`, the default',
  CLIENT_CERTIFICATE: 'file of a client certificate, PEM',
  CLIENT_CERTIFICATE_KEY: 'file of its key, PEM',
  STALE_MARKERS: '`true`: at the end every series is marked as ended, so that it does not stay for five minutes more',
  TREND_AS_NATIVE_HISTOGRAM: null,
  SIGV4_REGION: null,
  SIGV4_ACCESS_KEY: null,
  SIGV4_SECRET_KEY: null,
};

/**
 * Reads where to send. `url` is that of the flag, if it has one. Secrets come from the environment only. Throws a
 * ConfigurationError that repeats no secret.
 */
export function readRemoteWriteTarget(url: string | undefined, environment: Environment): RemoteWriteTarget {
  refuseUnknown(environment);
  const get = (name: string): string => environment[PREFIX + name] ?? '';
  const place = url === undefined ? `${PREFIX}SERVER_URL` : '--out prometheus-rw';
  const [certFile, keyFile] = [get('CLIENT_CERTIFICATE'), get('CLIENT_CERTIFICATE_KEY')];
  if ((certFile === '') !== (keyFile === ''))
    throw new ConfigurationError(`${PREFIX}CLIENT_CERTIFICATE and …_KEY belong together; set both, or none`);
  const pushIntervalMs = readDuration(get('PUSH_INTERVAL') || '5s', `${PREFIX}PUSH_INTERVAL`);
  if (pushIntervalMs < 100) throw new ConfigurationError(`${PREFIX}PUSH_INTERVAL is too short; give at least 100ms`);
  return {
    kind: 'prometheus-rw',
    url: readUrl(url ?? (get('SERVER_URL') || DEFAULT_URL), place),
    pushIntervalMs,
    headers: readHeaders(environment),
    labels: readPairs(get('LABELS'), '=', `${PREFIX}LABELS`),
    tls: {
      rejectUnauthorized: !yes(get('INSECURE_SKIP_TLS_VERIFY'), `${PREFIX}INSECURE_SKIP_TLS_VERIFY`),
      minVersion: tlsVersion(get('TLS_MINIMUM_VERSION')),
      ...(certFile === '' ? {} : readClientCertificate(certFile, keyFile)),
    },
    staleMarkers: yes(get('STALE_MARKERS'), `${PREFIX}STALE_MARKERS`),
  };
}

/** A variable that would have no effect is an error: who set it counts on it. */
function refuseUnknown(environment: Environment): void {
  for (const [variable, value = ''] of Object.entries(environment)) {
    if (!variable.startsWith(PREFIX) || value === '') continue;
    const name = variable.slice(PREFIX.length);
    if (name.startsWith(HEADER) && name.length > HEADER.length) continue;
    const known = Object.hasOwn(REMOTE_WRITE_VARIABLES, name) ? REMOTE_WRITE_VARIABLES[name] : undefined;
    if (known === undefined) {
      const names = Object.keys(REMOTE_WRITE_VARIABLES).map((other) => PREFIX + other);
      throw new ConfigurationError(
        `${variable} is no setting of prometheus-rw${didYouMean(variable, names)}; unset it`,
      );
    }
    if (known === null && value !== 'false') {
      throw new ConfigurationError(`${variable} is not supported by this engine; unset it, or run the script with k6`);
    }
  }
}

function readUrl(text: string, place: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new ConfigurationError(
      `${place} is no URL that metrics can be sent to; write one such as http://127.0.0.1:9090/api/v1/write`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new ConfigurationError(
      `${place}: a name or password does not go into the URL; set ${PREFIX}USERNAME and ${PREFIX}PASSWORD in the environment`,
    );
  }
  return url.href;
}

function yes(text: string, place: string): boolean {
  if (text === '' || text === 'false') return false;
  if (text === 'true') return true;
  throw new ConfigurationError(`${place} is ${JSON.stringify(text)}; write true or false`);
}

function tlsVersion(text: string): 'TLSv1.2' | 'TLSv1.3' {
  if (text === '' || text === '1.3') return 'TLSv1.3';
  if (text === '1.2') return 'TLSv1.2';
  throw new ConfigurationError(`${PREFIX}TLS_MINIMUM_VERSION is ${JSON.stringify(text)}; write 1.2 or 1.3`);
}

function readClientCertificate(certFile: string, keyFile: string): { readonly cert: Buffer; readonly key: Buffer } {
  const pair = { cert: fileOf(certFile, 'CLIENT_CERTIFICATE'), key: fileOf(keyFile, 'CLIENT_CERTIFICATE_KEY') };
  try {
    createSecureContext(pair);
  } catch (error) {
    throw new ConfigurationError(
      `${PREFIX}CLIENT_CERTIFICATE: ${certFile} and ${keyFile} cannot be used together (${(error as NodeJS.ErrnoException).code ?? ''}); give a certificate and its key, both in PEM`,
    );
  }
  return pair;
}

function fileOf(path: string, name: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new ConfigurationError(
      `${PREFIX}${name}: cannot read ${path} (${(error as NodeJS.ErrnoException).code ?? ''})`,
    );
  }
}
