/** The flow of five requests with autocannon. Arguments: autocannon's main file, target, flows, connections. */
const [main, target, flows, connections] = process.argv.slice(2);
const { default: autocannon } = await import(main);

const common = { 'X-XSRF-Header': 'PingFederate', Accept: 'application/json', 'User-Agent': 'bench' };
const keep = (status, body, context, headers) => {
  const cookie = Object.entries(headers).find(([name]) => name.toLowerCase() === 'set-cookie')[1];
  context.cookie = cookie.slice(0, cookie.indexOf(';'));
};
const read = (more) => (status, body, context, headers) => {
  keep(status, body, context, headers);
  Object.assign(context, more(JSON.parse(body)));
};
const act = (action, body, onResponse = keep) => ({
  method: 'POST',
  setupRequest: (request, { id, cookie }) => ({
    ...request,
    path: `/pf-ws/authn/flows/${id}`,
    headers: { ...common, 'Content-Type': `application/vnd.pingidentity.${action}+json`, Cookie: cookie },
    body,
  }),
  onResponse,
});
const query = `client_id=pairstorm&response_type=code&response_mode=pi.flow&scope=openid&state=${'s'.repeat(24)}`;
const challenge = `code_challenge=${'c'.repeat(43)}&code_challenge_method=S256`;

const result = await autocannon({
  url: target,
  connections: Number(connections),
  amount: Number(flows) * 5,
  requests: [
    {
      method: 'GET',
      path: `/as/authorization.oauth2?${query}&${challenge}`,
      headers: common,
      onResponse: read(({ id }) => ({ id })),
    },
    act('checkUsernamePassword', JSON.stringify({ username: 'maria.lopez.0042', password: 'x'.repeat(16) })),
    act('authenticate', JSON.stringify({ mobilePayload: 'm'.repeat(340) })),
    act(
      'continueAuthentication',
      '{}',
      read(({ authorizeResponse: { code } }) => ({ code })),
    ),
    {
      method: 'POST',
      setupRequest: (request, { code, cookie }) => ({
        ...request,
        path: '/as/token.oauth2',
        headers: { ...common, 'Content-Type': 'application/x-www-form-urlencoded', Cookie: cookie },
        body: `grant_type=authorization_code&code=${code}&client_id=pairstorm&code_verifier=${'v'.repeat(43)}`,
      }),
      onResponse: keep,
    },
  ],
});
if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} refused, ${result.errors} errors`);
