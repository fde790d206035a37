import { parse } from 'acorn';
import type { AnyNode, CallExpression, Node, Program } from 'acorn';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { LACKING_CALLS } from './modules/lacking-calls.ts';
import type { ScriptSource } from './script-source.ts';
import { scriptPlaceOf } from './thrown.ts';

/** An imported module, or a member of one. */
interface Imported {
  readonly module: string;
  readonly member?: string;
}

/** Names declared in a function or block; imported ones have a value. */
type Scope = Map<string, Imported | undefined>;

/** A call that the engine does not support. */
interface LackingCall {
  readonly module: string;
  readonly member: string;
  readonly line: number;
  readonly column: number;
}

/** Maximum number of calls named. */
const MOST = 3;

/**
 * Rejects a script that uses unsupported calls before any load, such as `http.get()` with `http` from `k6/http`. Mere
 * references (`if (http.get)`) are not calls. Calls that static analysis misses are rejected when they happen. Throws a
 * ConfigurationError with the script's own locations.
 */
export function refuseLackingCalls(script: ScriptSource): void {
  let calls: readonly LackingCall[];
  try {
    calls = lackingCalls(script.code);
  } catch (error) {
    // Source nested too deeply for the stack (generated code): its calls are rejected when they happen.
    if (error instanceof RangeError) return;
    throw error;
  }
  if (calls.length === 0) return;
  const first = calls.filter(
    (call, at) => calls.findIndex(({ module, member }) => module === call.module && member === call.member) === at,
  );
  const named = first.slice(0, MOST).map(({ module, member, line, column }) => {
    const call = module === 'k6/http' ? `http.${member}` : member;
    return `${scriptPlaceOf(script, line, column)}: ${call}(), write \`${LACKING_CALLS[module]![member]!}\``;
  });
  const more = calls.length - named.length;
  throw new ConfigurationError(
    `the script uses calls that this engine does not support, because they would block every other VU: ${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}`,
  );
}

/** All such calls in CommonJS source, in order; none if it does not parse, which the compiler will report better. */
function lackingCalls(code: string): readonly LackingCall[] {
  let program: Program;
  try {
    program = parse(code, {
      ecmaVersion: 'latest',
      allowReturnOutsideFunction: true,
      allowHashBang: true,
      locations: true,
    });
  } catch {
    return [];
  }
  const scopes = new Map<Node, Scope>();
  walk(program, [], (node, above) => declare(node, above, scopes));
  // A name may be an alias of one that is declared later.
  for (let again = true; again;) again = bindAll(program, scopes);
  const calls: LackingCall[] = [];
  walk(program, [], (node, above) => {
    if (node.type !== 'CallExpression' || node.optional) return;
    const { module, member } = importedBy(node.callee, above, scopes) ?? {};
    if (module === undefined || member === undefined) return;
    if (!Object.hasOwn(LACKING_CALLS[module] ?? {}, member)) return;
    const { line, column } = nameOf(node).loc!.start;
    calls.push({ module, member, line, column: column + 1 });
  });
  return calls;
}

/** Start of the called name: in `(0, import_k6.sleep)(1)`, generated code, the source mapping is at the callee. */
function nameOf({ callee }: CallExpression): AnyNode {
  return callee.type === 'SequenceExpression' ? callee.expressions.at(-1)! : callee;
}

type Visit = (node: AnyNode, above: readonly AnyNode[]) => void;

/** Visits every node of a tree with its ancestors, nearest last. */
function walk(node: AnyNode, above: readonly AnyNode[], visit: Visit): void {
  visit(node, above);
  const path = [...above, node];
  for (const value of Object.values(node) as unknown[]) {
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (isNode(child)) walk(child, path, visit);
    }
  }
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

const FUNCTIONS: ReadonlySet<string> = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
]);
const BLOCKS: ReadonlySet<string> = new Set([
  ...['Program', 'BlockStatement', 'ForStatement', 'ForInStatement', 'ForOfStatement', 'CatchClause'],
  ...['SwitchStatement', 'ClassDeclaration', 'ClassExpression', 'StaticBlock'],
]);

function isScope({ type }: AnyNode): boolean {
  return FUNCTIONS.has(type) || BLOCKS.has(type);
}

/** Adds the names that a node declares to their scope. */
function declare(node: AnyNode, above: readonly AnyNode[], scopes: Map<Node, Scope>): void {
  const add = (scope: AnyNode | undefined, names: readonly string[]): void => {
    if (scope === undefined) return;
    let known = scopes.get(scope);
    if (known === undefined) scopes.set(scope, (known = new Map<string, Imported | undefined>()));
    for (const name of names) known.set(name, undefined);
  };
  const nearest = above.findLast(isScope);
  if (node.type === 'VariableDeclaration') {
    const ofFunction = above.findLast(({ type }) => FUNCTIONS.has(type) || type === 'Program');
    const names = node.declarations.flatMap(({ id }) => namesOf(id));
    add(node.kind === 'var' ? ofFunction : nearest, names);
  } else if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') add(nearest, namesOf(node.id));
  else if (node.type === 'FunctionExpression') add(node, namesOf(node.id));
  else if (node.type === 'CatchClause') add(node, namesOf(node.param));
  if ('params' in node) add(node, node.params.flatMap(namesOf));
}

/** Names bound by a pattern. */
function namesOf(pattern: AnyNode | null | undefined): readonly string[] {
  switch (pattern?.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((one) => namesOf(one.type === 'Property' ? one.value : one.argument));
    case 'ArrayPattern':
      return pattern.elements.flatMap(namesOf);
    case 'AssignmentPattern':
      return namesOf(pattern.left);
    case 'RestElement':
      return namesOf(pattern.argument);
    default:
      return [];
  }
}

/** Resolves names to imports; true if any is new. */
function bindAll(program: Program, scopes: Map<Node, Scope>): boolean {
  let changed = false;
  const bind = (name: string, above: readonly AnyNode[], value: Imported): void => {
    const scope = scopeOf(name, above, scopes);
    if (scope === undefined || scope.get(name) !== undefined) return;
    scope.set(name, value);
    changed = true;
  };
  walk(program, [], (node, above) => {
    if (node.type !== 'VariableDeclarator' || node.init == null) return;
    const value = importedBy(node.init, above, scopes);
    if (value === undefined) return;
    if (node.id.type === 'Identifier') bind(node.id.name, above, value);
    if (node.id.type !== 'ObjectPattern') return;
    for (const property of node.id.properties) {
      if (property.type !== 'Property' || property.computed || property.key.type !== 'Identifier') continue;
      const member = memberOf(value, property.key.name);
      if (member !== undefined && property.value.type === 'Identifier') bind(property.value.name, above, member);
    }
  });
  return changed;
}

function scopeOf(name: string, above: readonly AnyNode[], scopes: ReadonlyMap<Node, Scope>): Scope | undefined {
  const at = above.findLast((node) => scopes.get(node)?.has(name) === true);
  return at === undefined ? undefined : scopes.get(at);
}

/** The import that an expression refers to; undefined if none, or not statically known. */
function importedBy(node: AnyNode, above: readonly AnyNode[], scopes: ReadonlyMap<Node, Scope>): Imported | undefined {
  switch (node.type) {
    case 'Identifier':
      return scopeOf(node.name, above, scopes)?.get(node.name);
    case 'SequenceExpression':
      return importedBy(node.expressions.at(-1)!, above, scopes);
    case 'MemberExpression': {
      const owner = importedBy(node.object, above, scopes);
      const { property, computed } = node;
      if (!computed && property.type === 'Identifier') return memberOf(owner, property.name);
      return property.type === 'Literal' && typeof property.value === 'string'
        ? memberOf(owner, property.value)
        : undefined;
    }
    case 'CallExpression': {
      const [argument] = node.arguments;
      if (node.callee.type !== 'Identifier' || argument === undefined) return undefined;
      // esbuild's wrapper that gives a module a default export.
      if (node.callee.name === '__toESM') return importedBy(argument, above, scopes);
      if (node.callee.name !== 'require' || argument.type !== 'Literal') return undefined;
      const module = String(argument.value);
      return Object.hasOwn(LACKING_CALLS, module) ? { module } : undefined;
    }
    default:
      return undefined;
  }
}

/** A member of an import; `default` is the module itself. */
function memberOf(owner: Imported | undefined, name: string): Imported | undefined {
  if (owner?.member !== undefined || owner === undefined) return undefined;
  return name === 'default' ? owner : { module: owner.module, member: name };
}
