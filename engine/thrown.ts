/** What a script threw, as texts: any value can be thrown. */
export interface ThrownText {
  /** `TypeError: x is undefined (dist/smoke.js:12)`: one line. */
  readonly line: string;
  /** Its message alone, one line. */
  readonly message: string;
  readonly name: string;
  readonly stack: string | undefined;
}

/** Describes a thrown value; `scriptPath` is where the interesting frame of its stack lies. */
export function describeThrown(thrown: unknown, scriptPath: string): ThrownText {
  if (typeof thrown !== 'object' || thrown === null)
    return { line: firstLine(String(thrown)), message: firstLine(String(thrown)), name: '', stack: undefined };
  const { name, message, stack } = thrown as { name?: unknown; message?: unknown; stack?: unknown };
  const kind = typeof name === 'string' ? name : '';
  const text = typeof message === 'string' ? firstLine(message) : JSON.stringify(thrown);
  const place = typeof stack === 'string' ? placeIn(stack, scriptPath) : undefined;
  return {
    line: `${kind === '' || kind === 'Error' ? '' : `${kind}: `}${text}${place === undefined ? '' : ` (${place})`}`,
    message: text,
    name: kind,
    stack: typeof stack === 'string' ? stack : undefined,
  };
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!;
}

/** The first place of a stack that lies in the script, as `file:line:column`. */
function placeIn(stack: string, scriptPath: string): string | undefined {
  const at = stack.indexOf(`${scriptPath}:`);
  if (at < 0) return undefined;
  const position = /^:(\d+)(?::(\d+))?/.exec(stack.slice(at + scriptPath.length));
  const file = scriptPath.slice(scriptPath.lastIndexOf('/') + 1);
  return position === null ? undefined : `${file}:${position[1]}${position[2] === undefined ? '' : `:${position[2]}`}`;
}
