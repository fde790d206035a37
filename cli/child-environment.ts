import { maskUrl } from '../contract/shown-text.ts';
import { SETTINGS } from '../lib/settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings of which a value may be a key, though their type does not say so. */
const MAY_HOLD_A_KEY: readonly string[] = ['PF_HEADERS', 'PF_PARAMETERS', 'PF_CUSTOM_BODY'];

/** Settings that let one in somewhere: secrets, the files that hold them, hooks. */
function letsIn(name: string): boolean {
  const type = SETTINGS.get(name)?.parse.type;
  if (type === undefined) return false;
  return type === 'secret' || MAY_HOLD_A_KEY.includes(name) || /_FILE$|_KEY$|^FAULT_.*_URL$/.test(name);
}

/**
 * What commands of the user's inherit (docs/resilience.md): the environment that the run was started in, without what a run alone
 * needs: its secrets and their files, k6's variables, names and passwords in URLs. What cloud tools need to sign in is theirs to get.
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

/** A URL as it was if it holds no secret, without user information if that is one, else masked. */
function withoutUser(url: string): string {
  const bare = url.replace(/^([A-Za-z][A-Za-z0-9+.-]*:\/\/)?[^/?#]*@/, '$1');
  return maskUrl(bare);
}

/** What a process of ours cannot do without, and no more: it is told the rest by its arguments. */
export function environmentOfOurs(environment: Environment): Record<string, string> {
  const needed =
    /^(PATH|HOME|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|SYSTEMROOT|NODE_OPTIONS|NODE_V8_COVERAGE|PAIRSTORM_DEBUG)$/i;
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value !== undefined && needed.test(name) ? [[name, value]] : [],
    ),
  );
}
