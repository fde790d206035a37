import type { FastifyReply } from 'fastify';
import type { Answer } from './answer.ts';

/** Writes a response to the socket, whole or cut. */
export function writeAnswer(reply: FastifyReply, answer: Answer): FastifyReply {
  if (answer.cut !== undefined) return cutAnswer(reply, answer);
  const { httpStatus, body, headers } = answer;
  reply.code(httpStatus);
  if (headers !== undefined) reply.headers(headers);
  if (body === null) return reply.send();
  if (typeof body === 'string') return reply.send(body);
  return reply.header('content-type', 'application/json').send(JSON.stringify(body));
}

/** Closes the connection before the response, or after half of its body. */
function cutAnswer(reply: FastifyReply, { httpStatus, body, headers, cut }: Answer): FastifyReply {
  reply.hijack();
  const { raw } = reply;
  if (cut === 'before') {
    raw.destroy();
    return reply;
  }
  const text = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body ?? {}));
  raw.writeHead(httpStatus, { 'content-type': 'application/json', ...headers, 'content-length': text.length });
  raw.write(text.subarray(0, text.length >> 1), () => raw.destroy());
  return reply;
}
