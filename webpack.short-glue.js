import webpack from 'webpack';

/** Webpack's own names, which stand some 340 times in a bundle, and what is said in their place: 7 KB, for which a virtual user has better uses. */
const GLUE =
  /__webpack_require__|__webpack_exports__|__webpack_modules__|__unused_webpack_module|(?:_ts)?__WEBPACK_IMPORTED_MODULE_(\d+)__/g;
const SHORT = {
  __webpack_require__: '__r',
  __webpack_exports__: '__x',
  __webpack_modules__: '__all',
  __unused_webpack_module: '__m',
};

/** A plugin: shortens the names of webpack's glue code before the bundle is minimised; ours stay. */
export default class ShortGlue {
  apply(compiler) {
    const stage = webpack.Compilation.PROCESS_ASSETS_STAGE_OPTIMIZE;
    compiler.hooks.thisCompilation.tap('ShortGlue', (compilation) =>
      compilation.hooks.processAssets.tap({ name: 'ShortGlue', stage }, (assets) => {
        for (const [name, asset] of Object.entries(assets)) {
          const source = new webpack.sources.ReplaceSource(asset);
          for (const { 0: glue, 1: number, index } of String(asset.source()).matchAll(GLUE))
            source.replace(index, index + glue.length - 1, SHORT[glue] ?? `__${number}`);
          compilation.updateAsset(name, source);
        }
      }),
    );
  }
}
