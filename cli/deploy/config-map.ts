import { ConfigurationError } from '../../contract/configuration-error.ts';
import { metadata } from './deployment.ts';
import type { Deployment, Manifest } from './deployment.ts';

/** Kubernetes takes 1,048,576 bytes of data, and etcd a little more for the whole object. */
export const MOST_BYTES = 900_000;

/** A script as a config map. Throws a ConfigurationError if it is too large for one. */
export function scriptMap(deployment: Deployment, file: string, code: string): Manifest {
  const bytes = Buffer.byteLength(code);
  if (bytes > MOST_BYTES)
    throw new ConfigurationError(
      `${deployment.script.name} is ${bytes} bytes bundled, and a config map holds ${MOST_BYTES}; import less, or put the script into an image of your own (FROM the one of Pairstorm, --image)`,
    );
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata(deployment, 'load'), data: { [file]: code } };
}
