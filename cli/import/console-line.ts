import { FAILURE_PREFIX } from '../../contract/failure-line.ts';

/**
 * Extracts the JSON of a failed flow (contract/failure-line.ts) from a line of k6's console: as written to a file or
 * pipe (`time="…" level=info msg="…" source=console`), with `--log-format json` (`{"msg":"…"}`) or `raw`, or to a
 * terminal. Each may be wrapped by a container log: after a prefix (pod name, time, `stderr F`), or as the `log` of a
 * JSON object. Undefined for other lines.
 */
export function failureJson(line: string): string | undefined {
  if (!line.includes(FAILURE_PREFIX)) return undefined;
  const inner = jsonMessage(line, 'log')?.trimEnd() ?? line;
  const message = jsonMessage(inner, 'msg') ?? logfmtMessage(inner) ?? inner;
  const at = message.indexOf(FAILURE_PREFIX);
  if (at < 0) return undefined;
  const rest = message.slice(at + FAILURE_PREFIX.length);
  // What the logger appends on a terminal contains no brace.
  return rest.slice(0, rest.lastIndexOf('}') + 1);
}

/** A log prefix may contain braces: how many to try before giving up. */
const MOST_BRACES = 5;

/** A member of the JSON object that ends a line and starts before the failure prefix. */
function jsonMessage(line: string, member: 'log' | 'msg'): string | undefined {
  const before = line.slice(0, line.indexOf(FAILURE_PREFIX));
  let at = before.indexOf('{');
  for (let n = 0; at >= 0 && n < MOST_BRACES; n++, at = before.indexOf('{', at + 1)) {
    try {
      const text = (JSON.parse(line.slice(at)) as Readonly<Record<string, unknown>>)[member];
      return typeof text === 'string' ? text : undefined;
    } catch {
      // This brace belongs to the log prefix.
    }
  }
  return undefined;
}

function logfmtMessage(line: string): string | undefined {
  const quoted = /(?:^|\s)msg=("(?:[^"\\]|\\.)*")/.exec(line)?.[1];
  if (quoted === undefined) return undefined;
  try {
    const message: unknown = JSON.parse(asJsonString(quoted));
    return typeof message === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}

/** Go's string escapes differ from JSON's in a few cases (https://go.dev/ref/spec#String_literals). */
function asJsonString(quoted: string): string {
  return quoted.replace(/\\(?:x([0-9a-fA-F]{2})|U([0-9a-fA-F]{8})|([av])|.)/gs, (escape, byte, point, letter) => {
    if (byte !== undefined) return `\\u00${byte as string}`;
    if (letter !== undefined) return letter === 'a' ? '\\u0007' : '\\u000b';
    if (point === undefined) return escape;
    const code = parseInt(point as string, 16);
    return code > 0x10ffff ? escape : JSON.stringify(String.fromCodePoint(code)).slice(1, -1);
  });
}
