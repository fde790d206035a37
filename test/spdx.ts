/**
 * Whether what an SPDX licence expression grants is enough for us: of `OR` one side must be allowed, of `AND` both. An
 * exception (`WITH`) only adds to its licence's rights. A text that is no such expression is not allowed.
 * Grammar: https://spdx.github.io/spdx-spec/v3.0.1/annexes/spdx-license-expressions/
 */
export function licenceAllowed(expression: string, allowed: ReadonlySet<string>): boolean {
  const tokens = expression.match(/[()]|[^\s()]+/g) ?? [];
  let at = 0;

  function either(): boolean {
    let result = both();
    while (tokens[at] === 'OR') {
      at++;
      // Both sides are read, whatever the first says.
      const other = both();
      result ||= other;
    }
    return result;
  }
  function both(): boolean {
    let result = licence();
    while (tokens[at] === 'AND') {
      at++;
      const other = licence();
      result &&= other;
    }
    return result;
  }
  function licence(): boolean {
    const token = tokens[at++];
    if (token === '(') {
      const result = either();
      return tokens[at++] === ')' && result;
    }
    if (tokens[at] === 'WITH') at += 2;
    return token !== undefined && allowed.has(token);
  }

  const result = either();
  return result && at === tokens.length;
}
