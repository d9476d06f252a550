import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultPlatform } from '#configs/platform.ts';
import { buildCard } from '#registry/cards/build-card.ts';
import { cardCycloneDx } from '#registry/cards/card-cyclonedx.ts';
import { cardHtml } from '#registry/cards/card-html.ts';
import { cardMarkdown } from '#registry/cards/card-markdown.ts';
import { cardPage } from '#registry/cards/card-page.ts';
import { cardSchema, shownCardSchema, type ShownCard } from '#registry/cards/card.ts';
import { showCard } from '#registry/cards/show-card.ts';
import type { TrainingParts } from '#training/digest.ts';
import { whatChanged } from '#registry/cards/what-changed.ts';
import type { VersionStage } from '#registry/versions/stage.ts';
import type { Version } from '#registry/versions/version.ts';
import { cardInput, EVALUATION } from '#test/support/cards.ts';

function shown(input = cardInput(), change: Partial<VersionStage> = {}): ShownCard {
  const { card, missing } = buildCard(input);
  const version: Version = {
    ...input.training,
    version: 1,
    authors: [input.author],
    authors_since: null,
    risk_tier: 'high',
    approval_tier: 'high',
    created_at: '2026-02-01T00:00:00.000Z',
    manifest_key: 'm',
    manifest_sha256: 'a'.repeat(64),
    registered_by: { workflow_id: 'w', run_id: 'r' },
    card_key: 'c',
    card_sha256: 'b'.repeat(64),
    card_missing: missing,
  };
  const stage: VersionStage = {
    model: 'miss_risk',
    feature_set: 'behaviour',
    version: 1,
    stage: 'registered',
    since: '2026-02-01T00:00:00.000Z',
    judgements: [],
    card: null,
    was_approved: false,
    ...change,
  };
  return showCard(card, { version, stage, rollbackTarget: undefined, rules: defaultPlatform.approval });
}

describe('the card of a version', () => {
  it('is complete when people wrote every text and the trainer every figure', () => {
    const { missing, card } = buildCard(cardInput());
    assert.deepEqual(missing, []);
    assert.deepEqual(card.build.hyperparameters, { n_estimators: 10, max_depth: null });
    assert.deepEqual(card.features[0]?.source_columns, ['payments.amount']);
    assert.deepEqual(card.data.sensitive, [
      {
        column: 'accounts.sex',
        use: 'fairness',
        reason: 'It defines the groups compared after training; it is not an input of the model.',
      },
      { column: 'accounts.region', use: 'none', reason: 'Its source is not read for features.' },
    ]);
  });

  it('has the same bytes for the same training', () => {
    assert.equal(buildCard(cardInput()).sha256, buildCard(cardInput()).sha256);
  });

  it('lacks each text that nobody wrote, and takes "not measurable, because" for an answer', () => {
    const { missing, card } = buildCard(
      cardInput({
        product: '',
        mitigation: '  ',
        reject_inference: 'Not measurable, because all were accepted.',
      }),
    );
    assert.deepEqual(missing, ['purpose.product', 'fairness.mitigation']);
    assert.deepEqual(card.data.reject_inference, { not_measurable: 'because all were accepted.' });
  });

  it('lacks what the trainer left out, and does not take silence on fairness for an answer', () => {
    const { explainability: _gone, performance, ...rest } = EVALUATION;
    const { train: _train, ...others } = performance;
    const evaluation = { ...rest, performance: others, fairness: {} };
    assert.deepEqual(buildCard(cardInput({}, evaluation)).missing, [
      'performance.train',
      'fairness.attributes.0.groups',
      'fairness.attributes.0.demographic_parity_ratio',
      'fairness.attributes.0.equal_opportunity_difference',
      'explainability.method',
      'explainability.baseline',
      'explainability.number_of_reasons',
      'explainability.fidelity',
    ]);
  });

  it('is refused when a figure is not a figure, with the place of it', () => {
    const evaluation = { ...EVALUATION, performance: { ...EVALUATION.performance, test: { rows: 'many' } } };
    assert.throws(() => buildCard(cardInput({}, evaluation)), {
      code: 'CARD_INVALID',
      message: /performance\.test/,
    });
    assert.throws(() => buildCard(cardInput({}, 'rubbish')), { code: 'CARD_INVALID' });
  });

  it('is refused by its schema when a field is left out or a reason is no reason', () => {
    const { card } = buildCard(cardInput());
    const { market: _market, ...purpose } = card.purpose;
    assert.equal(cardSchema.safeParse({ ...card, purpose }).success, false);
    const silent = { ...card.purpose, market: { not_measurable: '' } };
    assert.equal(cardSchema.safeParse({ ...card, purpose: silent }).success, false);
  });

  it('shows version, stage and findings, and follows its schema', async () => {
    const card = shown();
    assert.equal(shownCardSchema.safeParse(card).success, true);
    assert.deepEqual(card.control.findings, [
      'Check expect_column_values_to_not_be_null of paid failed in 2026-01-01.',
    ]);
  });

  it('says first who withdrew the version, and why', () => {
    const withdrawal = { principal: 'oper', reason: 'wrong labels', at: '2026-03-01T00:00:00.000Z' };
    const card = shown(undefined, { stage: 'withdrawn', withdrawal });
    assert.equal(shownCardSchema.safeParse(card).success, true);
    assert.equal(card.identity.status, 'withdrawn');
    assert.equal(
      card.control.findings[0],
      'oper withdrew the version at 2026-03-01T00:00:00.000Z: wrong labels',
    );
  });

  it('says who the authors are, and that the tier lets them approve where it does', () => {
    const { identity, control } = shown();
    assert.deepEqual(identity.authors, [cardInput().author]);
    assert.equal(control.approval_rule.author_may_approve, false);
    const { card } = buildCard(cardInput());
    const rules = {
      ...defaultPlatform.approval,
      high: { ...defaultPlatform.approval.high, author_may_approve: true },
    };
    const base = {
      ...cardInput().training,
      version: 1,
      authors: ['ada', 'eve'],
      approval_tier: 'high',
      gates: [],
    };
    const stage = { version: 1, stage: 'registered', since: 'x', judgements: [], card: null };
    const allowed = showCard(card, {
      version: { ...base, card_missing: [] } as unknown as Version,
      stage: stage as unknown as VersionStage,
      rollbackTarget: undefined,
      rules,
    });
    assert.deepEqual(allowed.identity.authors, ['ada', 'eve']);
    assert.equal(allowed.control.approval_rule.author_may_approve, true);
  });

  it('says what changed since the version before', () => {
    const before = buildCard(cardInput()).card;
    const input = cardInput();
    const { card } = buildCard({
      ...input,
      model: { ...input.model, params: { n_estimators: 20, max_depth: null, reg_lambda: 1 } },
      training: { ...input.training, as_of: '2026-03-01' },
    });
    const version = { ...input.training, version: 2, authors: [], authors_since: 1, approval_tier: 'high' };
    const stage = {
      version: 2,
      stage: 'registered',
      since: '2026-03-01T00:00:00.000Z',
      judgements: [],
      card: null,
    } as unknown as VersionStage;
    const { identity } = showCard(card, {
      version: { ...version, card_missing: [] } as unknown as Version,
      stage,
      rollbackTarget: undefined,
      rules: defaultPlatform.approval,
      previous: before,
    });
    assert.equal(identity.previous_version, 1);
    assert.deepEqual(identity.what_changed, [
      { field: 'hyperparameters.n_estimators', from: 10, to: 20 },
      { field: 'as_of', from: '2026-02-01', to: '2026-03-01' },
      { field: 'hyperparameters.reg_lambda', from: '(absent)', to: 1 },
    ]);
  });
});

describe('what changed', () => {
  const card = buildCard(cardInput()).card;
  const other = (change: (copy: typeof card) => void): typeof card => {
    const copy = structuredClone(card);
    change(copy);
    return copy;
  };
  const fieldsOf = (changed: typeof card) => whatChanged(card, changed).map(({ field }) => field);

  it('covers feature definitions, label, fairness and split', () => {
    const definitions = other(({ data }) => {
      assert.ok(Array.isArray(data.partitions));
      for (const one of data.partitions) one.definition_digest = 'f'.repeat(32);
    });
    assert.deepEqual(fieldsOf(definitions), ['feature_definitions']);
    const label = cardInput();
    const split = cardInput();
    assert.deepEqual(
      fieldsOf(
        buildCard({
          ...label,
          model: { ...label.model, label: { ...label.model.label, horizon: '2 months' } },
        }).card,
      ),
      ['label'],
    );
    assert.deepEqual(
      fieldsOf(
        buildCard({ ...split, model: { ...split.model, split: { kind: 'by_entity', test_share: 0.4 } } })
          .card,
      ),
      ['split'],
    );
    const fairness = other((copy) => {
      copy.fairness.attributes = [];
    });
    assert.deepEqual(fieldsOf(fairness), ['fairness']);
    const digests = Object.fromEntries(
      ['model', 'features', 'monotonic', 'partitions', 'trainer', 'lockfile'].map((part) => [
        part,
        'a'.repeat(32),
      ]),
    );
    const trainedOn = (label_data: string) => {
      const input = cardInput();
      const parts = {
        ...digests,
        label_source: 'b'.repeat(32),
        label_data,
        fairness_source: 'c'.repeat(32),
        fairness_data: null,
      } as TrainingParts;
      return buildCard({ ...input, training: { ...input.training, parts } }).card;
    };
    const relabelled = whatChanged(trainedOn('d'.repeat(32)), trainedOn('e'.repeat(32)));
    assert.deepEqual(relabelled, [{ field: 'label_data', from: 'd'.repeat(32), to: 'e'.repeat(32) }]);
    assert.deepEqual(fieldsOf(structuredClone(card)), []);
  });
});

describe('a card on paper', () => {
  const hostile = '<script>alert(1)</script> | `x` [a](b)\n\n# no';

  it('keeps people’s texts from becoming markup', () => {
    const page = cardPage(shown(cardInput({ purpose: hostile })));
    const html = cardHtml(page);
    assert.ok(!html.includes('<script'));
    assert.ok(html.includes('&lt;script&gt;'));
    const markdown = cardMarkdown(page);
    assert.ok(!/<script/.test(markdown.replaceAll(String.raw`\<`, '')));
    assert.ok(!/^# no/m.test(markdown));
  });

  it('asks nothing of the network and names each missing field', () => {
    const page = cardPage(shown(cardInput({ product: '' })));
    assert.doesNotMatch(cardHtml(page), /https?:|src=|@import|url\(/);
    assert.match(cardMarkdown(page), /\*\*Product\*\*: MISSING/);
    assert.match(cardMarkdown(page), /\*\*Out of time\*\*: not measurable, because there is one label month/);
  });

  it('as CycloneDX has one model with figures, groups and artifacts, the same bytes each time', () => {
    const card = shown();
    const bom = cardCycloneDx(card);
    assert.deepEqual(cardCycloneDx(card), bom);
    assert.deepEqual([bom['bomFormat'], bom['specVersion']], ['CycloneDX', '1.6']);
    assert.match(String(bom['serialNumber']), /^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    const [component] = bom['components'] as readonly Readonly<Record<string, unknown>>[];
    assert.ok(component);
    assert.equal(component['type'], 'machine-learning-model');
    const { quantitativeAnalysis } = component['modelCard'] as {
      quantitativeAnalysis: { performanceMetrics: readonly { type: string; slice: string; value: string }[] };
    };
    const found = quantitativeAnalysis.performanceMetrics.find(
      ({ type, slice }) => type === 'auc' && slice === 'test',
    );
    assert.equal(found?.value, '0.75');
  });
});
