import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { signalJudged } from '#workflows/contract/signals.ts';
import type { StartDeps } from '../../../starts/start-deps.ts';
import { archiveRoutes } from './archive.ts';
import { cardRoutes } from './card.ts';
import { deployRoutes } from './deploy.ts';
import { judgementRoutes } from './judgements.ts';
import { versionRoutes } from './versions.ts';
import { withdrawRoutes } from './withdraw.ts';

/** Versions of a pair: reading them, their cards, and what decides their stage. */
export const versionsRoutes: FastifyPluginAsyncZod<{ readonly starts: StartDeps }> = async (
  app,
  { starts },
) => {
  const { registry, objects, configs, temporal, now } = starts;
  await app.register(versionRoutes, { registry, objects });
  const approvalRules = async () => (await configs.current()).configs.platform.approval;
  await app.register(cardRoutes, { registry, objects, rules: approvalRules });
  await app.register(judgementRoutes, {
    registry,
    rules: approvalRules,
    judged: (judged) => signalJudged(temporal, registry, judged),
    now: () => now().toISOString(),
  });
  await app.register(deployRoutes, { starts });
  await app.register(archiveRoutes, { starts });
  await app.register(withdrawRoutes, { starts });
};
