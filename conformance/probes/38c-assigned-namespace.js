// UNKNOWN-38: the form that webpack writes: properties copied to exports, and __esModule.
/* global exports */
(() => {
  const made = {
    default: () => console.log(JSON.stringify({ probe: 38, form: 'copied to exports' })),
    options: { iterations: 1 },
  };
  for (const name in made) exports[name] = made[name];
  Object.defineProperty(exports, '__esModule', { value: true });
})();
