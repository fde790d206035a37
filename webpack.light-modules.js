import webpack from 'webpack';

const { javascript, RuntimeGlobals, sources } = webpack;

/** webpack's helpers for exports, which modules that return theirs do without. */
const HELPERS = [
  RuntimeGlobals.definePropertyGetters,
  RuntimeGlobals.definePropertyGettersFromArray,
  RuntimeGlobals.hasOwnProperty,
  RuntimeGlobals.makeNamespaceObject,
  RuntimeGlobals.compatGetDefaultExport,
];

/** In a module that webpack rendered: what it exports, by getters or by values; that it is an ES module; what it takes of k6. */
const EXPORTS = /__webpack_require__\.d\(__webpack_exports__, [{[]([^]*?)[}\]]\);/g;
const EXPORT = /"?([\w$]+)"?(?:,|:)\s*(?:0,|\(\) =>)\s*\(?\s*([\w$.]+)/g;
const MARK = /__webpack_require__\.r\(__webpack_exports__\);/g;
const DEFAULT = /var (\w+) =\s+__webpack_require__\.n\((\w+)\);/g;
const EXTERNAL = /module\.exports =/g;
/** The same of an ES module: what is used of its namespace, which will do. */
const NAMESPACE = /const x = [^]*module\.exports = x\([^]*?(__WEBPACK_EXTERNAL_MODULE_\w+?__)[.[][^]*/g;
/** An import, and the name by which its author knows an export that webpack calls otherwise. */
const IMPORT = /\bvar (\w+) =\s+__webpack_require__\((\d+)\)/g;
const MEANT = /\/\* \.?([\w$]+) \*\//;

/** Around each module, so that the text between two is known for webpack's own. */
const [BEGIN, END] = ['/*{light*/', '/*light}*/'];
/** The array of modules as webpack writes it: its head, what stands between two modules with the second one's id, its tail. */
const ARRAY =
  /var __webpack_modules__ = \(\[[^]*?\/\* (\d+) \*\/\s*\/\*{light\*\/|\/\*light}\*\/,[^]*?\/\* (\d+) \*\/\s*\/\*{light\*\/|\/\*light}\*\/\s*(?:\/\*+\/\s*)?\]\);/g;
const OTHER_EXPORTS = /for\(var __webpack_i__ in __webpack_exports__\) {[^]*?\n}\n/g;
const HEAD = 'const evaluated = [];\nfunction evaluate(moduleId) {\nswitch (moduleId) {\n';
const REQUIRE = 'return evaluated[moduleId] ?? (evaluated[moduleId] = evaluate(moduleId));';

/**
 * A plugin: modules cost a virtual user nothing before they are evaluated, and then one plain object with their exports.
 * webpack's own keeps for each of them a function, two objects, and a getter per export, for the sake of circular imports
 * and rebound names; we have neither (test/imports.test.ts), and on k6 a function or an object costs each virtual user
 * 0.6 KiB.
 */
export default class LightModules {
  apply(compiler) {
    compiler.hooks.thisCompilation.tap('LightModules', (compilation) => {
      const hooks = javascript.JavascriptModulesPlugin.getCompilationHooks(compilation);
      hooks.renderRequire.tap('LightModules', () => REQUIRE);
      let external;
      hooks.renderModuleContent.tap('LightModules', (source, module, { chunkGraph }) => {
        external ??= externalIds(compilation, chunkGraph);
        return returning(source, chunkGraph.isEntryModule(module), external);
      });
      hooks.renderModuleContainer.tap('LightModules', called);
      compilation.hooks.additionalTreeRuntimeRequirements.tap('LightModules', (_chunk, needed) => {
        for (const helper of HELPERS) needed.delete(helper);
      });
      const stage = webpack.Compilation.PROCESS_ASSETS_STAGE_OPTIMIZE - 1;
      compilation.hooks.processAssets.tap({ name: 'LightModules', stage }, (assets) => {
        for (const [name, asset] of Object.entries(assets)) compilation.updateAsset(name, switching(asset));
      });
    });
  }
}

/** Ids of k6's modules, as texts. */
function externalIds({ modules }, chunkGraph) {
  const external = [...modules].filter((module) => module instanceof webpack.ExternalModule);
  return new Set(external.map((module) => String(chunkGraph.getModuleId(module))));
}

/** Replaces each match; false: there was none. */
function replaced(source, text, pattern, by) {
  const matches = [...text.matchAll(pattern)];
  for (const match of matches) source.replace(match.index, match.index + match[0].length - 1, by(match));
  return matches.length > 0;
}

/**
 * A module with its exports at its end; an entry hands them to webpack, which needs none if an ES module exports them itself.
 * `external`: ids of k6's modules.
 */
function returning(source, isEntry, external) {
  const text = String(source.source()).replace(/\/\*[^]*?\*\/|^\/\/.*$/gm, (comment) => ' '.repeat(comment.length));
  const light = new sources.ReplaceSource(source);
  const exported = [];
  replaced(light, text, EXPORTS, ([, list]) => {
    for (const [, name, value] of list.matchAll(EXPORT)) {
      if (new RegExp(`^let ${value.replace('$', '\\$')}\\b`, 'm').test(text))
        throw new Error(`export let ${value} cannot be followed; export a function that tells its value`);
      exported.push(`${JSON.stringify(name)}: ${value}`);
    }
    return '';
  });
  replaced(light, text, MARK, () => '');
  // Each module of k6 offers the same by name and by default (k6-contract.md section 6).
  for (const [, name, module] of text.matchAll(DEFAULT))
    replaced(light, text, new RegExp(`\\b${name}\\(\\)`, 'g'), () => module);
  replaced(light, text, DEFAULT, () => '');
  replaceImports(light, text, String(source.source()), external);
  const isExternal =
    replaced(light, text, NAMESPACE, ([, namespace]) => `return ${namespace};`) ||
    replaced(light, text, EXTERNAL, () => 'return');
  const how = isEntry ? '__webpack_exports__ =' : 'return';
  if (!isExternal && (!isEntry || exported.length > 0)) light.insert(text.length, `\n${how} {${exported.join(', ')}};`);
  return checked(light, /__webpack_require__\.|\bmodule\.exports/);
}

/**
 * Binds what a module takes of another of ours: `var sample = __webpack_require__(27).X`, and not `metrics.X` at each use, for
 * which each virtual user would look into an object of exports of its own (bench/RESULTS.md). Of k6's modules every use stays,
 * as theirs may be getters, and so do modules that are used as a whole or exported again. webpack takes care not to hand a
 * module as `this` to what it calls, `(0,metrics.X)()`: nothing of ours, or of k6, looks at it.
 */
function replaceImports(light, text, commented, external) {
  const bound = new Set();
  const isFree = (name) =>
    !bound.has(name) && !new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(text);
  const exported = [...text.matchAll(EXPORTS)].join('');
  for (const { 0: declaration, 1: module, 2: id, index: at } of text.matchAll(IMPORT)) {
    const use = `\\(0,${module}\\s*\\.([\\w$]+)\\)|\\b${module}\\s*\\.([\\w$]+)`;
    const uses = [...text.matchAll(new RegExp(use, 'g'))];
    const mentions = [...text.matchAll(new RegExp(`\\b${module}\\b`, 'g'))].length - 1;
    const stays = external.has(id) || mentions > uses.length || exported.includes(module);
    const locals = new Map();
    for (const { 0: whole, 1: called, 2: read, index } of uses) {
      const name = called ?? read;
      const [, meant = name] = MEANT.exec(commented.slice(index, index + whole.length)) ?? [];
      const local = locals.get(name) ?? (stays ? `${module}.${name}` : isFree(meant) ? meant : `${module}_${name}`);
      locals.set(name, local);
      bound.add(local);
      if (!stays || called !== undefined) light.replace(index, index + whole.length - 1, local);
    }
    if (stays || uses.length === 0) continue;
    const [[name, local]] = locals;
    const several = `{ ${[...locals].map((pair) => pair.join(': ')).join(', ')} } = __webpack_require__(${id})`;
    const one = `${local} = __webpack_require__(${id}).${name}`;
    light.replace(at, at + declaration.length - 1, `var ${locals.size === 1 ? one : several}`);
  }
}

/** A module's function, called where it stands. */
function called(source) {
  const light = new sources.ReplaceSource(source);
  const text = String(source.source());
  const [head] = /^.*?\([\w, ]*\) =>/.exec(text);
  light.replace(0, head.length - 1, `${BEGIN}/*@__NOINLINE__*/(() =>`);
  light.insert(text.length, `()${END}`);
  const [, taken] = /^.*?\{\s*return (require\("[^"]+"\));[^]*$/.exec(text) ?? [];
  return taken === undefined ? light : new sources.RawSource(`${BEGIN}${taken}${END}`);
}

/** A script in which one function evaluates the module with a number: of an array of functions each would be there from the beginning. */
function switching(asset) {
  const light = new sources.ReplaceSource(asset);
  // Each export was named one by one before.
  replaced(light, String(asset.source()), OTHER_EXPORTS, () => '');
  replaced(light, String(asset.source()), ARRAY, ([, first, next]) => {
    if (first !== undefined) return `${HEAD}case ${first}: return `;
    return next !== undefined ? `;\ncase ${next}: return ` : ';\n}\n}';
  });
  return checked(light, /\/\*{light|__webpack_modules__/);
}

/** The source, if nothing is left in it that only webpack's own way can evaluate. */
function checked(source, rest) {
  const [found] = rest.exec(String(source.source())) ?? [];
  if (found !== undefined) throw new Error(`webpack.light-modules.js does not know what webpack means by ${found}`);
  return source;
}
