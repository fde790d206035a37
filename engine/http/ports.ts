import type { BlockList } from 'node:net';
import type { BuiltInName, GeneratorMetric } from '../../catalogue/metrics.ts';
import type { Tags } from '../../contract/series-counts.ts';
import type { ClientCertificate, TlsVersions } from './client-certificates.ts';
import type { HostOverride, HostPattern } from './hosts.ts';
import type { DnsSettings } from './name-lookup.ts';
import type { ProxyChoice } from './proxy.ts';

/** Constructors of the scripts' realm, so that `instanceof` works there. */
export interface ScriptRealm {
  readonly Promise: PromiseConstructor;
  readonly Error: ErrorConstructor;
  readonly TypeError: TypeErrorConstructor;
  readonly ArrayBuffer: ArrayBufferConstructor;
  readonly JSON: JSON;
}

/** Options that the client uses, with k6's names (k6-contract.md 2.3). */
export interface HttpSettings {
  readonly userAgent: string;
  readonly maxRedirects: number;
  readonly discardResponseBodies: boolean;
  readonly noConnectionReuse: boolean;
  readonly noVUConnectionReuse: boolean;
  readonly noCookiesReset: boolean;
  readonly throw: boolean;
  /** Maximum requests per second of the whole process; 0: no limit. */
  readonly rps: number;
  readonly insecureSkipTLSVerify: boolean;
  readonly tlsAuth: readonly ClientCertificate[];
  readonly tlsVersion: TlsVersions;
  readonly hosts: readonly HostOverride[];
  readonly dns: DnsSettings;
  readonly blacklistIPs: BlockList | undefined;
  readonly blockHostnames: readonly HostPattern[];
}

/** Numbers shared by all threads. */
export interface HttpCounts {
  readonly add: (field: 'connections', n: number) => void;
  readonly set: (field: 'bodyBytes', n: number) => void;
  /** Sum over all threads. */
  readonly total: (field: 'bodyBytes') => number;
}

/** Receives samples. */
export interface Sink {
  readonly add: (value: number) => void;
}

/** Tags of a sample besides its own. Equal tags have the same object. */
export interface SampleScope {
  readonly tags: Tags;
}

/** What the client needs of its host: a run, in one of its threads. */
export interface HttpHost {
  readonly realm: ScriptRealm;
  /** Undefined until the options are read. */
  readonly settings: HttpSettings | undefined;
  readonly counts: HttpCounts;
  /** Number of threads that share the process's limits. */
  readonly threads: number;
  /** Chooses the proxy of a request; undefined: no proxies. */
  readonly proxyOf: ProxyChoice | undefined;
  /** Maximum connections to an origin that all callers of the process share; undefined: each has its own. */
  readonly sharedConnections: number | undefined;
  /** Maximum bytes of answers being received in the process; undefined: the default. */
  readonly maxBodyMemory: number | undefined;
  readonly hasSystemTag: (name: string) => boolean;
  /** A series of the load generator's own metrics. */
  readonly generatorSeries: (name: GeneratorMetric, tags: Tags) => Sink;
  /** Called when a request failed without an exception for the script. */
  readonly requestFailed: (text: string, code: number) => void;
  /** Called when the script uses an unsupported feature. */
  readonly unsupported: (message: string) => never;
}

/** The virtual user that makes requests. The result of a request that ends in a later epoch is discarded. */
export interface Caller {
  readonly epoch: number;
  /** True while the script runs; only then requests may be sent. */
  readonly busy: boolean;
  readonly scope: SampleScope;
  /** The series of a metric in the current scope; `own`: the sample's own tags. */
  readonly series: (metric: BuiltInName, own?: Tags) => Sink;
  readonly taskStarted: () => void;
  /** To be called before the script gets the result. */
  readonly taskEnded: (epoch: number) => void;
}
