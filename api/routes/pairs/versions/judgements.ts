import type { FastifyBaseLogger } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApprovalRules } from '#configs/platform.ts';
import type { Principal } from '#access/principal.ts';
import { visibleText } from '#configs/visible-text.ts';
import { pairOf, versionParams } from '../../shared/params.ts';
import { reasonSchema } from '../../shared/reason.ts';
import { APPROVING_ROLES } from '#configs/platform.ts';
import { stageSchema, waiverSchema } from './schemas.ts';
import type { Registry } from '#registry/registry.ts';
import type { VersionStage, Waiver } from '#registry/versions/stage.ts';

export interface JudgementRoutes {
  readonly registry: Pick<Registry, 'judge'>;
  /** The approval rules of the Platform document that hold now. */
  readonly rules: () => Promise<ApprovalRules>;
  /** Called after a verdict was committed, to signal waiting workflows. Its failure undoes nothing. */
  readonly judged: (judged: VersionStage) => Promise<void>;
}

interface Asked {
  readonly params: z.infer<typeof versionParams>;
  readonly commandId: string;
  readonly principal: Principal;
  readonly log: FastifyBaseLogger;
}

const common = { tags: ['registry'], params: versionParams, response: { 200: stageSchema } };
const config = { role: APPROVING_ROLES, team: 'pair', audit: 'commit' } as const;

/** Approval and rejection: registry writes, legal with no workflow running. */
export const judgementRoutes: FastifyPluginAsyncZod<JudgementRoutes> = async (app, deps) => {
  async function judge(
    asked: Asked,
    verdict: 'approve' | 'reject',
    body: { readonly reason: string; readonly waivers: readonly Waiver[]; readonly evidence: string | null },
  ): Promise<VersionStage> {
    const judged = await deps.registry.judge({
      pair: pairOf(asked.params),
      version: asked.params.version,
      verdict,
      principal: asked.principal.name,
      roles: asked.principal.roles,
      ...body,
      rules: await deps.rules(),
      commandId: asked.commandId,
    });
    // The verdict is committed, and waiting workflows also poll: a lost signal only costs time.
    await deps
      .judged(judged)
      .catch((error: unknown) => asked.log.warn({ err: error }, 'waiting workflows were not signalled'));
    return judged;
  }

  app.post(
    '/v1/pairs/:model/:set/versions/:version/approve',
    {
      config,
      schema: {
        ...common,
        summary: 'Approve a registered version; each failed gate needs a waiver',
        description:
          'The risk tier of the version decides how many people must approve, and with which role. `evidence` is the digest that the version shows: an approval counts only for what the approver saw.',
        body: z.strictObject({
          reason: reasonSchema,
          waivers: z.array(waiverSchema).max(50).default([]),
          evidence: visibleText(z.string().max(200)).describe('`evidence` of the version as it was read'),
        }),
      },
    },
    async (request) => judge(request, 'approve', request.body),
  );

  app.post(
    '/v1/pairs/:model/:set/versions/:version/reject',
    {
      config,
      schema: {
        ...common,
        summary: 'Reject a registered version',
        body: z.strictObject({ reason: reasonSchema }),
      },
    },
    async (request) => judge(request, 'reject', { ...request.body, waivers: [], evidence: null }),
  );
};
