import { isIP } from 'node:net';
import Fastify from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyServerOptions } from 'fastify';
import type { Deployment } from './deployment.ts';
import { addRoutes, answerOfFault } from './routes.ts';
import { Service } from './service.ts';
import { TrafficMetrics } from './traffic-metrics.ts';

const BODY_LIMIT_BYTES = 64 * 1024;

/** Node's default of 5 s would close sockets during a user's think time; load balancers typically wait a minute. */
const KEEP_ALIVE_MS = 75_000;

/** No route has a JSON schema, so the compilers of schemas, a tenth of the start, need not be loaded. */
const NO_SCHEMAS = {
  compilersFactory: {
    buildValidator: () => () => () => true,
    buildSerializer: () => () => (value: unknown) => JSON.stringify(value),
  },
} as unknown as NonNullable<FastifyServerOptions['schemaController']>; // whose types are those of ajv

/** Creates the deployment's web server, not listening yet. */
export async function createWebServer(deployment: Deployment): Promise<FastifyInstance> {
  const { settings } = deployment;
  const app = Fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    schemaController: NO_SCHEMAS,
    frameworkErrors: (error, _request, reply) => {
      const { httpStatus, body } = answerOfFault(error);
      (reply as FastifyReply).code(httpStatus).send(body);
    },
    ...(settings.tls ? { https: await selfSignedCertificate(settings.host) } : {}),
  }) as unknown as FastifyInstance; // over TLS the type of its server differs, which nothing here touches
  const service = new Service(settings, deployment.ageing, deployment.counts.served);
  const metrics = new TrafficMetrics(deployment, service.pool);
  addRoutes(app, deployment, service, metrics);
  const { acceptQueue } = settings;
  if (acceptQueue > 0) {
    app.server.on('connection', (socket) => {
      if (service.pool.queued < acceptQueue) return;
      metrics.refused();
      socket.resetAndDestroy();
    });
  }
  return app;
}

/** A self-signed certificate for this host, new at every start. */
async function selfSignedCertificate(host: string): Promise<{ key: string; cert: string }> {
  // Imported lazily: loading it takes a tenth of a second, and few simulators speak TLS.
  const { generate } = await import('selfsigned');
  const { private: key, cert } = await generate([{ name: 'commonName', value: host }], {
    algorithm: 'sha256',
    keyType: 'ec',
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          isIP(host) === 0 ? { type: 2, value: host } : { type: 7, ip: host },
        ],
      },
    ],
  });
  return { key, cert };
}
