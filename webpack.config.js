import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import TerserPlugin from 'terser-webpack-plugin';

/**
 * Each file of scenarios/ becomes dist/<name>.js, each of tools/ dist/tools/<name>.js, an ordinary k6 script: CommonJS,
 * `k6` and `k6/*` external, no polyfills (k6 docs, using-k6/modules). esbuild only strips types; `npm run typecheck` checks them.
 */
const root = fileURLToPath(new URL('.', import.meta.url));
const filesOf = (room) => readdirSync(new URL(room, import.meta.url)).filter((file) => file.endsWith('.ts'));

/** Compiled apart: what one room uses of lib/ does not decide how the other's bundles are made. */
const bundlesOf = (room, folder) => ({
  mode: 'production',
  context: root,
  entry: Object.fromEntries(filesOf(room).map((file) => [basename(file, '.ts'), `./${room}/${file}`])),
  output: { path: root + folder, filename: '[name].js', library: { type: 'commonjs-static' } },
  target: ['web', 'es2022'],
  externals: /^k6(\/.*)?$/,
  externalsType: 'commonjs',
  module: {
    rules: [
      { test: /\.ts$/, loader: 'esbuild-loader', options: { target: 'es2022' } },
      { test: /\/lib\/settings\//, loader: root + 'webpack.without-meanings.js', enforce: 'pre' },
    ],
  },
  devtool: 'source-map',
  performance: { hints: false },
  optimization: {
    // Small numbers: each virtual user has a table of them, as long as the largest (11 KiB with webpack's own choice).
    moduleIds: 'natural',
    // A file that is `require`d keeps a function of its own, evaluated when it is first needed (lib/test.ts).
    concatenateModules: { commonjs: false },
    // Names stay, and a line to most statements, for whoever opens a bundle; comments and blanks go, and code that nothing calls.
    minimizer: [
      new TerserPlugin({
        extractComments: false,
        terserOptions: {
          ecma: 2020,
          mangle: false,
          compress: { defaults: false, dead_code: true, unused: true, toplevel: true },
          format: { semicolons: false, comments: false },
        },
      }),
    ],
  },
});

export default [bundlesOf('scenarios', 'dist'), bundlesOf('tools', 'dist/tools')];
