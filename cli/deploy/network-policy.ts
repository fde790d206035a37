import { isIP } from 'node:net';
import { labels, metadata, nameOf } from './deployment.ts';
import type { Deployment, Manifest } from './deployment.ts';

/** Settings whose value is a URL that pods call. */
const CALLED = ['PF_BASE_URL', 'PHONE_URL', 'BRIDGE_URL', 'FAULT_START_URL', 'FAULT_END_URL'];

const DNS: Manifest = { ports: ['UDP', 'TCP'].map((protocol) => ({ protocol, port: 53 })) };

/** Lets the pods of the run reach DNS, the target and the store, and lets nobody in. */
export function networkPolicy(deployment: Deployment, s3Endpoint: string | undefined): Manifest {
  const { env, testid, store, egress } = deployment;
  const urls = [
    ...CALLED.flatMap((name) => (env[name] === undefined || env[name] === '' ? [] : [env[name]])),
    ...('s3' in store ? [s3Endpoint ?? 'https://s3.amazonaws.com'] : []),
  ];
  const rules = urls.filter((url) => URL.canParse(url)).map((url) => ruleFor(new URL(url), egress));
  const distinct = [...new Map([DNS, ...rules].map((rule) => [JSON.stringify(rule), rule])).values()];
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadata(deployment, 'load', nameOf(deployment)),
    spec: {
      podSelector: { matchLabels: { 'pairstorm.dev/testid': labels(testid, 'load')['pairstorm.dev/testid']! } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [],
      egress: distinct,
    },
  };
}

/**
 * A policy knows addresses, not names: a literal address is let through on its port, a service of the cluster by its
 * namespace (on any port: that of its pods may be another), any other name by its port, to `egress` if that is given.
 */
function ruleFor({ hostname, port, protocol }: URL, egress: readonly string[]): Manifest {
  const host = hostname.replace(/^\[|\]$/g, '');
  const [, namespace] = /^[a-z0-9-]+\.([a-z0-9-]+)\.svc(?:\.|$)/.exec(host) ?? [];
  if (namespace !== undefined)
    return { to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } }] };
  const ports = [{ protocol: 'TCP', port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port) }];
  const family = isIP(host);
  if (family !== 0) return { to: [{ ipBlock: { cidr: `${host}/${family === 4 ? 32 : 128}` } }], ports };
  // A service of the pods' own namespace.
  if (!host.includes('.')) return { to: [{ podSelector: {} }] };
  return egress.length === 0 ? { ports } : { to: egress.map((cidr) => ({ ipBlock: { cidr } })), ports };
}
