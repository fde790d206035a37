// A bridge (docs/bridge.md) in Node, without any library. The simulator stands in for phones here: what `phones` does is
// what yours does with Ping's SDK, emulators or a device farm.
//   node bridge.mjs PORT http://127.0.0.1:9031
import { createServer } from 'node:http';

const [port, target] = process.argv.slice(2);
const token = process.env.BRIDGE_TOKEN;

/** The SDK's generateMobilePayload. The simulator reads this form; PingOne believes only Ping's SDK. */
const payloadOf = (phone, nonce, integrity) =>
  Buffer.from(JSON.stringify({ version: 1, ...phone, integrity, nonce })).toString('base64url');

/** Asks the phone's side; its answer becomes the bridge's: a status and a body, with a code where it failed. */
async function phones(path, body) {
  const answer = await fetch(`${target}/phone${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return [answer.status, await answer.text()];
}

/** One entry per capability that the bridge names in its greeting. */
const HANDLERS = {
  '/payload': ({ user, flow }) => [200, JSON.stringify({ mobilePayload: payloadOf(user.phone, flow, 'ok') })],
  '/pair': async ({ user, flow, serverPayload, fail }) => {
    const mobilePayload = payloadOf(user.phone, `${flow}.pair`, fail ? 'broken' : 'ok');
    const [status, text] = await phones('/pair', { serverPayload, mobilePayload });
    return fail && status === 400 ? [204, ''] : [status, text]; // it was to fail, and did
  },
  '/decide': ({ deviceId, decision }) => phones('/decide', { deviceId, decision }),
  '/code': ({ deviceId }) => phones('/code', { deviceId }),
  '/reset': ({ user }) => phones('/reset', { username: user.username }),
};
const GREETING = { version: 1, can: ['payload', 'pair', 'fail_pairing', 'decide', 'code', 'reset'] };

const server = createServer(async (request, response) => {
  const end = (status, text) => response.writeHead(status, { 'content-type': 'application/json' }).end(text);
  try {
    let text = '';
    for await (const chunk of request) text += chunk;
    if (token && request.headers.authorization !== `Bearer ${token}`) return end(401, '{"code":"UNAUTHORIZED"}');
    if (request.url === '/capabilities') return end(200, JSON.stringify(GREETING));
    const handler = HANDLERS[request.url];
    if (handler === undefined) return end(404, '{"code":"NOT_FOUND"}');
    end(...(await handler(JSON.parse(text))));
  } catch (error) {
    console.error(error);
    end(500, '{"code":"BRIDGE_FAILED"}'); // the code reaches the report, the message stays here
  }
});
server.listen(Number(port), '127.0.0.1', () => console.log(`bridge on http://127.0.0.1:${port}`));
