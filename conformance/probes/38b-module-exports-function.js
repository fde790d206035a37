// UNKNOWN-38: does `module.exports = function` count as the default export?
/* global module */
module.exports = () => console.log(JSON.stringify({ probe: 38, form: 'module.exports = function' }));
