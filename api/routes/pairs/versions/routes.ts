import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { ModelConfig } from '#configs/model.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { signalChanged } from '#workflows/contract/signals.ts';
import type { StartDeps } from '../../../starts/start-deps.ts';
import { archiveRoutes } from './archive.ts';
import { artifactRoutes } from './artifacts.ts';
import { cardRoutes } from './card.ts';
import { deleteRoutes } from './delete.ts';
import { deployRoutes } from './deploy.ts';
import { importRoutes } from './import.ts';
import { judgementRoutes } from './judgements.ts';
import { tagRoutes } from './tags.ts';
import { versionRoutes } from './versions.ts';
import { withdrawRoutes } from './withdraw.ts';

/** Throws `CONFIG_NOT_FOUND`. */
async function appliedModel(configs: StartDeps['configs'], name: string): Promise<ModelConfig> {
  const model = (await configs.current()).configs.models.get(name);
  if (model === undefined) throw new MillraceError('CONFIG_NOT_FOUND', `There is no model "${name}".`);
  return model;
}

/** Versions of a pair: reading them, their cards, and what decides their stage. */
export const versionsRoutes: FastifyPluginAsyncZod<{ readonly starts: StartDeps }> = async (
  app,
  { starts },
) => {
  const { registry, objects, configs, temporal, now } = starts;
  await app.register(versionRoutes, { registry, objects });
  await app.register(tagRoutes, { registry });
  await app.register(artifactRoutes, { registry, objects, now });
  await app.register(deleteRoutes, { starts });
  await app.register(importRoutes, { starts });
  const approvalRules = async () => (await configs.current()).configs.platform.approval;
  await app.register(cardRoutes, {
    registry,
    objects,
    rules: approvalRules,
    appliedTexts: async (name) => (await appliedModel(configs, name)).card,
  });
  await app.register(judgementRoutes, {
    registry,
    rules: approvalRules,
    judged: (judged) => signalChanged(temporal, registry, judged),
  });
  await app.register(deployRoutes, { starts });
  await app.register(archiveRoutes, { starts });
  await app.register(withdrawRoutes, { starts });
};
