import { parse } from 'acorn';
import type { AnyNode, CallExpression, Node, Program } from 'acorn';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { LACKING_CALLS } from './modules/lacking-calls.ts';
import type { ScriptSource } from './script-source.ts';
import { placeOf } from './thrown.ts';

/** A module that the script imports, or a member of one. */
interface Imported {
  readonly module: string;
  readonly member?: string;
}

/** Names that a function or block declares; those that stand for something imported have a value. */
type Scope = Map<string, Imported | undefined>;

/** A call that the engine lacks. */
interface LackingCall {
  readonly module: string;
  readonly member: string;
  readonly line: number;
  readonly column: number;
}

/** Most calls that are named. */
const MOST = 3;

/**
 * Refuses a script that calls what this engine lacks, before there is any load: `http.get()` of an import of `k6/http`, say. A
 * member that is only looked at (`if (http.get)`) is not a call. What cannot be seen in the text is refused when it is called.
 * Throws a ConfigurationError with the script's own places.
 */
export function refuseLackingCalls(script: ScriptSource): void {
  let calls: readonly LackingCall[];
  try {
    calls = lackingCalls(script.code);
  } catch (error) {
    // A text that is nested deeper than the stack (a generated one): its calls are refused when they come.
    if (error instanceof RangeError) return;
    throw error;
  }
  if (calls.length === 0) return;
  const first = calls.filter(
    (call, at) => calls.findIndex(({ module, member }) => module === call.module && member === call.member) === at,
  );
  const named = first.slice(0, MOST).map(({ module, member, line, column }) => {
    const call = module === 'k6/http' ? `http.${member}` : member;
    return `${placeOf(script, line, column)}: ${call}(), write \`${LACKING_CALLS[module]![member]!}\``;
  });
  const more = calls.length - named.length;
  throw new ConfigurationError(
    `the script uses calls that this engine does not support, because they would block every other VU:  ${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}`,
  );
}

/** All such calls of a CommonJS text, in its order; none where it is not JavaScript, which its compilation will say better. */
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
  // A name may stand for one that is declared further down.
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

/** Where the called name begins: `(0, import_k6.sleep)(1)` is generated code, whose mapping lies at the callee. */
function nameOf({ callee }: CallExpression): AnyNode {
  return callee.type === 'SequenceExpression' ? callee.expressions.at(-1)! : callee;
}

type Visit = (node: AnyNode, above: readonly AnyNode[]) => void;

/** Visits every node of a tree, with those above it, the nearest last. */
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

/** Takes down the names that a node declares, in the scope that they belong to. */
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

/** Names that a pattern binds. */
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

/** Gives names the import that they are declared as; whether any was new. */
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

/** What of an import an expression stands for; undefined where it is none, or cannot be seen. */
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
      // What esbuild writes around a module to give it a default export.
      if (node.callee.name === '__toESM') return importedBy(argument, above, scopes);
      if (node.callee.name !== 'require' || argument.type !== 'Literal') return undefined;
      const module = String(argument.value);
      return Object.hasOwn(LACKING_CALLS, module) ? { module } : undefined;
    }
    default:
      return undefined;
  }
}

/** A member of what is imported; `default` is the module itself. */
function memberOf(owner: Imported | undefined, name: string): Imported | undefined {
  if (owner?.member !== undefined || owner === undefined) return undefined;
  return name === 'default' ? owner : { module: owner.module, member: name };
}
