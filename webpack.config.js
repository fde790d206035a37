import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import TerserPlugin from 'terser-webpack-plugin';
import LightModules from './webpack.light-modules.js';
import ShortGlue from './webpack.short-glue.js';

/**
 * Each folder of scenarios/ becomes dist/<name>.js, those that make no load dist/tools/<name>.js, an ordinary k6 script: CommonJS,
 * `k6` and `k6/*` external, no polyfills (k6 docs, using-k6/modules). esbuild only strips types; `npm run typecheck` checks them.
 * lib/index.ts becomes dist/lib.mjs (`pairstorm/lib`): an ES module, because bundlers take each file of a package of ES modules for one.
 */
const root = fileURLToPath(new URL('.', import.meta.url));
const TOOLS = ['doctor', 'trace'];
const scenarios = readdirSync(new URL('scenarios', import.meta.url)).filter((name) => !TOOLS.includes(name));

// Without `properties`: after `x.default` at the end of a line Sobek does not see that a statement ends.
const SHORTER = {
  defaults: false,
  ...{ arrows: true, booleans: true, collapse_vars: true, comparisons: true, conditionals: true, dead_code: true },
  ...{ evaluate: true, hoist_props: true, if_return: true, inline: true, join_vars: true, keep_fargs: false },
  ...{ loops: true, passes: 2, reduce_vars: true, side_effects: true, switches: true, toplevel: true, unused: true },
};

/** Compiled apart: what load tests use of lib/ does not decide how the tools are made. */
const bundlesOf = (names, folder) => ({
  mode: 'production',
  context: root,
  entry: Object.fromEntries(names.map((name) => [name, `./scenarios/${name}/index.ts`])),
  output: { path: root + folder, filename: '[name].js', library: { type: 'commonjs-static' } },
  target: ['web', 'es2022'],
  externals: /^k6(\/.*)?$/,
  externalsType: 'commonjs',
  module: {
    rules: [
      // Of all that we write, Sobek of k6 v0.57 and older lacks `??=` and its kin alone (k6-contract.md section 10).
      {
        test: /\.ts$/,
        loader: 'esbuild-loader',
        options: { target: 'es2022', supported: { 'logical-assignment': false } },
      },
      {
        test: /[\\/](lib[\\/]settings[\\/]|protocol[\\/]client-profiles)/,
        loader: root + 'webpack.without-meanings.js',
        enforce: 'pre',
      },
      // What is nothing but tables and functions is left out with the last of them that a bundle uses.
      { test: /[\\/](protocol|catalogue|contract)[\\/]/, sideEffects: false },
    ],
  },
  plugins: [new LightModules(), new ShortGlue()],
  // Beside the bundle and not named in it: k6 reads a map that is, and takes `webpack://…` for the caller of open() (k6-contract.md section 13).
  devtool: 'hidden-source-map',
  performance: { hints: false },
  optimization: {
    // Small numbers: each virtual user has a table of them, as long as the largest (11 KiB with webpack's own choice).
    moduleIds: 'natural',
    // A file that is `require`d keeps a function of its own, evaluated when it is first needed (lib/test.ts).
    concatenateModules: { commonjs: false },
    // Names stay, and a line to most statements, for whoever opens a bundle; comments and blanks go, code that nothing calls, and
    // ways of writing that are longer than they need to be.
    minimizer: [
      new TerserPlugin({
        extractComments: false,
        // Processes of its own would cost a quarter more, and the other core compiles meanwhile.
        parallel: false,
        terserOptions: { ecma: 2020, mangle: false, compress: SHORTER, format: { semicolons: false, comments: false } },
      }),
    ],
  },
});

const library = {
  ...bundlesOf([], 'dist'),
  entry: './lib/index.ts',
  output: { path: root + 'dist', filename: 'lib.mjs', module: true, library: { type: 'module' } },
  experiments: { outputModule: true },
  externalsType: 'module',
  devtool: false,
};

export default [bundlesOf(scenarios, 'dist'), bundlesOf(TOOLS, 'dist/tools'), library];
