/** A path that `res.json(path)` does not support: only plain dotted paths are. */
export class JsonPathError extends Error {
  override readonly name = 'JsonPathError';
}

/**
 * Follows a dotted path, `a.b.0.c`, with `#` for the length of a list and `\.` for a dot in a name: the plain part of
 * GJSON's syntax (https://github.com/tidwall/gjson/blob/master/SYNTAX.md). `undefined` if nothing is found. Throws a
 * JsonPathError for wildcards, queries and modifiers.
 */
export function followPath(value: unknown, path: string): unknown {
  let at = value;
  for (const part of path.match(/(?:\\.|[^.\\])+/g) ?? []) {
    const name = part.replace(/\\(.)/g, '$1');
    if (/(^|[^\\])[*?|@()[\]{}!]/.test(part) || (name.includes('#') && name !== '#')) {
      throw new JsonPathError(
        `json('${path}'): only plain paths such as 'a.b.0.c' are supported; call res.json() and select in JavaScript`,
      );
    }
    if (name === '#' && Array.isArray(at)) at = at.length;
    else if (typeof at === 'object' && at !== null && Object.hasOwn(at, name))
      at = (at as Record<string, unknown>)[name];
    else return undefined;
  }
  return at;
}
