import { ConfigurationError } from '../contract/configuration-error.ts';

/** Text of a file, absolute or beside the bundle. Init code only. Throws a ConfigurationError that names the setting. */
export function readBeside(setting: string, path: string): string {
  try {
    return open(path.startsWith('/') ? path : `./${path}`);
  } catch {
    throw new ConfigurationError(
      `${setting}: cannot read ${path}; give an absolute path, or one from the bundle's folder`,
    );
  }
}
