import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { DagSpecStore } from '#airflow/store.ts';
import { startScores } from '../../starts/score.ts';
import type { StartDeps } from '../../starts/start-deps.ts';
import { aliasRoutes } from './aliases.ts';
import { backfillRoutes } from './backfills.ts';
import { cancelDeploymentRoutes } from './cancel-deployment.ts';
import { dagSpecRoutes } from './dag-spec.ts';
import { deploymentRoutes } from './deployments.ts';
import { dossierRoutes } from './dossier.ts';
import { historyRoutes } from './history.ts';
import { onePairRoutes } from './pair.ts';
import { repairRoutes } from './repair.ts';
import { rollbackRoutes } from './rollback.ts';
import { scoreRoutes, type ScoreRoutes } from './scores.ts';
import { uploadRoutes } from './uploads.ts';
import { versionsRoutes } from './versions/routes.ts';

interface PairRoutes {
  readonly starts: StartDeps;
  readonly dagSpecs: DagSpecStore;
  /** The `s3://` URI of a key. */
  readonly uri: (key: string) => string;
}

/** Everything below a pair of model and feature set. */
export const pairRoutes: FastifyPluginAsyncZod<PairRoutes> = async (app, { starts, dagSpecs, uri }) => {
  const { registry, scores } = starts;
  await app.register(onePairRoutes, { registry });
  await app.register(versionsRoutes, { starts });
  await app.register(aliasRoutes, { registry, objects: starts.objects });
  await app.register(uploadRoutes, { starts });
  await app.register(dossierRoutes, { registry });
  await app.register(historyRoutes, { registry });
  await app.register(deploymentRoutes, { registry });
  await app.register(cancelDeploymentRoutes, { starts });
  await app.register(rollbackRoutes, { starts });
  await app.register(repairRoutes, { starts });
  const start: ScoreRoutes['start'] = (request) => startScores(starts, request);
  await app.register(scoreRoutes, { scores, starter: starts.starter, start, uri });
  await app.register(backfillRoutes, { starts });
  await app.register(dagSpecRoutes, { dagSpecs });
};
