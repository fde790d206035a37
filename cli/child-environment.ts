import { maskUrl } from '../contract/shown-text.ts';
import { SETTINGS } from '../lib/settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings whose value may contain a key although their type is not `secret`. */
const MAY_HOLD_A_KEY: readonly string[] = ['PF_HEADERS', 'PF_PARAMETERS', 'PF_CUSTOM_BODY'];

/** Whether the value of a variable may be a secret: one of our settings, or of a tool that we sign requests for. */
export function mayHoldAKey(name: string): boolean {
  const secret = SETTINGS.get(name)?.parse.type === 'secret';
  return secret || MAY_HOLD_A_KEY.includes(name) || /^AWS_(SECRET_ACCESS_KEY|SESSION_TOKEN|ACCESS_KEY_ID)$/.test(name);
}

/** Settings that grant access to something: secrets, files of secrets, hooks. */
function letsIn(name: string): boolean {
  const type = SETTINGS.get(name)?.parse.type;
  if (type === undefined) return false;
  return type === 'secret' || MAY_HOLD_A_KEY.includes(name) || /_FILE$|_KEY$|^FAULT_.*_URL$/.test(name);
}

/**
 * The environment for the user's commands (docs/resilience.md): ours without secrets and their files, k6's variables,
 * and credentials in URLs. Credentials of cloud tools stay: the commands may need them.
 */
export function environmentOfCommands(environment: Environment): Record<string, string> {
  const left: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || letsIn(name) || name.startsWith('K6_')) continue;
    left[name] = isUrl(name) ? withoutUser(value) : value;
  }
  return left;
}

function isUrl(name: string): boolean {
  return SETTINGS.get(name)?.parse.type === 'url' || /^(https?|all|ftp)_proxy$/i.test(name);
}

/** Removes user information from a URL; anything else that looks secret is masked. */
function withoutUser(url: string): string {
  const bare = url.replace(/^([A-Za-z][A-Za-z0-9+.-]*:\/\/)?[^/?#]*@/, '$1');
  return maskUrl(bare);
}

/** The minimal environment for our own child processes, which get everything else as arguments. */
export function environmentOfOurs(environment: Environment): Record<string, string> {
  const needed =
    /^(PATH|HOME|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|SYSTEMROOT|NODE_OPTIONS|NODE_V8_COVERAGE|PAIRSTORM_DEBUG)$/i;
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value !== undefined && needed.test(name) ? [[name, value]] : [],
    ),
  );
}
