import { canonicalJson, sha256Hex } from '#configs/canonical.ts';
import { cell } from './card-page.ts';
import { isNotMeasurable } from './card-value.ts';
import type { ShownCard } from './card.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * The card as a CycloneDX 1.6 bill of materials with one machine-learning model. Fields without a CycloneDX
 * equivalent become properties of the component, prefixed with `millrace:`. Equal cards give equal documents.
 */
export function cardCycloneDx(card: ShownCard): Json {
  const { identity, build } = card;
  const name = `${identity.model}/${identity.feature_set}`;
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuid(sha256Hex(canonicalJson(card)))}`,
    version: 1,
    metadata: { timestamp: identity.status_since },
    components: [
      {
        type: 'machine-learning-model',
        'bom-ref': `${name}@${identity.version}`,
        name,
        version: String(identity.version),
        description: cell(identity.purpose),
        modelCard: {
          modelParameters: parameters(card),
          quantitativeAnalysis: { performanceMetrics: metrics(card) },
          considerations: considerations(card),
        },
        properties: properties(card),
        components: build.artifacts.map((artifact) => ({
          type: 'file',
          'bom-ref': artifact.key,
          name: artifact.name,
          hashes: [{ alg: 'SHA-256', content: artifact.sha256 }],
        })),
      },
    ],
  };
}

function parameters({ identity, build, data, features }: ShownCard): Json {
  const partitions = Array.isArray(data.partitions) ? data.partitions : [];
  const sensitive = Array.isArray(data.sensitive)
    ? data.sensitive.map(({ column, use }) => `${column}: ${use}`)
    : [];
  return {
    approach: { type: 'supervised' },
    task: 'classification',
    modelArchitecture: cell(build.algorithm),
    datasets: partitions.map(({ feature_set, dt, revision, digest }) => ({
      type: 'dataset',
      name: `${feature_set} ${dt} r${revision}`,
      contents: { properties: [{ name: 'manifest digest', value: cell(digest) }] },
      ...(sensitive.length > 0 ? { sensitiveData: sensitive } : {}),
      governance: { owners: [{ organization: { name: cell(identity.owner) } }] },
    })),
    inputs: features.map(({ name, type }) => ({ format: `${name}: ${type}` })),
    outputs: [{ format: 'probability: double' }],
  };
}

const FIGURES = ['auc', 'gini', 'ks', 'brier', 'log_loss'] as const;

function metrics({ performance, fairness }: ShownCard): readonly Json[] {
  const splits = { train: performance.train, test: performance.test, out_of_time: performance.out_of_time };
  const measured = Object.entries(splits).flatMap(([slice, figures]) => {
    if (figures === null || isNotMeasurable(figures)) return [];
    return FIGURES.map((type) => ({
      type,
      value: String(figures[type].value),
      slice,
      confidenceInterval: {
        lowerBound: String(figures[type].low),
        upperBound: String(figures[type].high),
      },
    }));
  });
  const attributes = Array.isArray(fairness.attributes) ? fairness.attributes : [];
  const ratios = attributes.flatMap((attribute) =>
    (['demographic_parity_ratio', 'equal_opportunity_difference'] as const).map((type) => ({
      type,
      value: cell(attribute[type]),
      slice: attribute.attribute,
    })),
  );
  return [...measured, ...ratios];
}

function considerations({ purpose, limits, fairness }: ShownCard): Json {
  const attributes = Array.isArray(fairness.attributes) ? fairness.attributes : [];
  return {
    users: [cell(purpose.intended_users)],
    useCases: [cell(purpose.decision), `Not: ${cell(purpose.prohibited_uses)}`],
    technicalLimitations: [cell(limits.known_failure_modes), cell(limits.assumptions)],
    performanceTradeoffs: [cell(limits.trade_offs)],
    ethicalConsiderations: [{ name: 'Human oversight', mitigationStrategy: cell(purpose.human_oversight) }],
    fairnessAssessments: attributes.map((attribute) => ({
      groupAtRisk: attribute.attribute,
      harms: `Demographic parity ratio ${cell(attribute.demographic_parity_ratio)}, equal opportunity difference ${cell(attribute.equal_opportunity_difference)}.`,
      mitigationStrategy: cell(fairness.mitigation),
    })),
  };
}

function properties({ identity, build, data, control }: ShownCard): readonly Json[] {
  const named = {
    status: identity.status,
    risk_tier: identity.risk_tier,
    developer: identity.developer,
    validator: identity.validator,
    training_digest: build.training_digest,
    config_digest: build.config_digest,
    lockfile_digest: build.lockfile_digest,
    code_commit: build.code_commit,
    workflow_id: build.workflow_id,
    as_of: data.as_of,
    label: data.label,
    monitoring_plan: control.monitoring_plan,
    approvals: control.approvals,
    findings: control.findings,
    rollback_target: control.rollback_target,
    retention: control.retention,
  };
  return Object.entries(named).map(([name, value]) => ({ name: `millrace:${name}`, value: cell(value) }));
}

/** A version-8 UUID (RFC 9562) from the first bits of a digest. */
function uuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
