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

/** In a module that webpack rendered: what it exports, by getters (an object) or by values (an array); that it is an ES module; what it takes of k6. */
const EXPORTS = /__webpack_require__\.d\(__webpack_exports__, [{[]([^]*?)[}\]]\);/g;
const EXPORT = /"?([\w$]+)"?(?:,|:)\s*(?:0,|\(\) =>)\s*\(?\s*([\w$.]+)/g;
const MARK = /__webpack_require__\.r\(__webpack_exports__\);/g;
const DEFAULT = /__webpack_require__\.n\((\w+)\)/g;
const EXTERNAL = /module\.exports =/g;

/** Evaluates a module once, and keeps its exports where its function was, which is then free. */
const REQUIRE = `const made = __webpack_modules__[moduleId];
return typeof made === "function" ? (__webpack_modules__[moduleId] = made(__webpack_require__)) : made;`;

/**
 * A plugin: a module is a function that returns its exports as a plain object. webpack's own keeps for each virtual user a
 * function per module, two objects, and a getter per export, for the sake of circular imports and rebound names; we have
 * neither (test/imports.test.ts), and on k6 a function or an object costs each virtual user 0.6 KiB.
 */
export default class LightModules {
  apply(compiler) {
    compiler.hooks.thisCompilation.tap('LightModules', (compilation) => {
      const hooks = javascript.JavascriptModulesPlugin.getCompilationHooks(compilation);
      hooks.renderRequire.tap('LightModules', () => REQUIRE);
      hooks.renderModuleContent.tap('LightModules', (source, module, { chunkGraph }) =>
        returning(source, chunkGraph.isEntryModule(module) ? '__webpack_exports__ =' : 'return'),
      );
      hooks.renderModuleContainer.tap('LightModules', takingOne);
      compilation.hooks.additionalTreeRuntimeRequirements.tap('LightModules', (_chunk, needed) => {
        for (const helper of HELPERS) needed.delete(helper);
      });
    });
  }
}

/** The module with its exports at its end. */
function returning(source, how) {
  const text = String(source.source()).replace(/\/\*[^]*?\*\//g, (comment) => ' '.repeat(comment.length));
  const light = new sources.ReplaceSource(source);
  const remove = ({ 0: found, index }, by = '') => light.replace(index, index + found.length - 1, by);
  const exported = [];
  for (const match of text.matchAll(EXPORTS)) {
    for (const [, name, value] of match[1].matchAll(EXPORT)) exported.push(`${JSON.stringify(name)}: ${value}`);
    remove(match);
  }
  for (const match of text.matchAll(MARK)) remove(match);
  // Each module of k6 offers the same by name and by default (k6-contract.md section 6).
  for (const match of text.matchAll(DEFAULT)) remove(match, `(() => ${match[1]})`);
  for (const match of text.matchAll(EXTERNAL)) remove(match, 'return');
  if (exported.length > 0) light.insert(text.length, `\n${how} {${exported.join(', ')}};`);
  return light;
}

/** Of what webpack hands over to a module, it takes the function that evaluates others. */
function takingOne(source) {
  const light = new sources.ReplaceSource(source);
  const [all, head, parameters] = /^(.*?)\(([\w, ]*)\) =>/.exec(String(source.source()));
  const taken = parameters.includes('__webpack_require__') ? '__webpack_require__' : '';
  light.replace(head.length, all.length - 1, `(${taken}) =>`);
  return light;
}
