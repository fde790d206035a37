import type { SourceMap } from 'node:module';
import { basename } from 'node:path';

/** A thrown value as text: scripts may throw anything. */
export interface ThrownText {
  /** `TypeError: x is undefined (dist/smoke.js:12)`: one line. */
  readonly line: string;
  /** Its message in one line. */
  readonly message: string;
  readonly name: string;
  readonly stack: string | undefined;
}

/** Represents what a script threw in another thread. */
export class ScriptFailure extends Error {
  readonly text: ThrownText;
  constructor(text: ThrownText) {
    super(text.line);
    this.text = text;
  }
}

/** Path of a script, and its source map. */
export interface ScriptPlace {
  readonly path: string;
  readonly map: SourceMap | undefined;
}

/** Describes a thrown value, with its location in the script. */
export function describeThrown(thrown: unknown, script: ScriptPlace): ThrownText {
  if (thrown instanceof ScriptFailure) return thrown.text;
  try {
    return describe(thrown, script);
  } catch {
    // Even inspecting a thrown value may throw: a throwing getter, a circular object.
    const text = 'the thrown value cannot be displayed';
    return { line: text, message: text, name: '', stack: undefined };
  }
}

function describe(thrown: unknown, script: ScriptPlace): ThrownText {
  if (typeof thrown !== 'object' || thrown === null)
    return { line: firstLine(String(thrown)), message: firstLine(String(thrown)), name: '', stack: undefined };
  const { name, message, stack } = thrown as { name?: unknown; message?: unknown; stack?: unknown };
  const kind = typeof name === 'string' ? name : '';
  const text = typeof message === 'string' ? firstLine(message) : JSON.stringify(thrown);
  const place = typeof stack === 'string' ? placeIn(stack, script) : undefined;
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

/** The first location in a stack that is in the script, as `file:line:column`. */
function placeIn(stack: string, { path, map }: ScriptPlace): string | undefined {
  const at = stack.indexOf(`${path}:`);
  if (at < 0) return undefined;
  const position = /^:(\d+)(?::(\d+))?/.exec(stack.slice(at + path.length));
  if (position === null) return undefined;
  return scriptPlaceOf({ path, map }, Number(position[1]), position[2] === undefined ? undefined : Number(position[2]));
}

/** A location in the user's source: `file:line:column`, from 1. */
export function scriptPlaceOf({ path, map }: ScriptPlace, line: number, column?: number): string {
  const origin = map?.findEntry(line - 1, (column ?? 1) - 1);
  if (origin !== undefined && 'originalSource' in origin) {
    return `${basename(origin.originalSource)}:${origin.originalLine + 1}:${origin.originalColumn + 1}`;
  }
  return `${basename(path)}:${line}${column === undefined ? '' : `:${column}`}`;
}
