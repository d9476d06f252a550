import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { authorshipOf } from '#activities/authorship.ts';
import { documentsBehind } from '#catalog/authors.ts';
import { type ConfigStore, createConfigStore } from '#catalog/config-store.ts';
import { documentKey, type ConfigDocument, type DocumentKey } from '#configs/config-set.ts';
import type { Pair } from '#configs/pair.ts';
import { defaultPlatform } from '#configs/platform.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { accounts, defaultModel, defaults, featureSet, payments } from '#test/support/feature-configs.ts';
import { freshTable } from '#test/support/stores.ts';
import { approval, rules, trainedVersion, withRegistry } from '#test/support/registry.ts';

const { registry, objects } = await withRegistry();

const PEOPLE = ['ada', 'eve', 'grace', 'rex'] as const;
type Person = (typeof PEOPLE)[number];
const DOCUMENTS = [
  'model',
  'set',
  'other set',
  'accounts',
  'payments',
  'defaults',
  'training rules',
] as const;

const person = fc.constantFrom(...PEOPLE);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('edit' as const),
      by: person,
      what: fc.constantFrom(...DOCUMENTS),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rewire' as const), by: person }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('recreate' as const),
      by: person,
      again: person,
      what: fc.constantFrom(...DOCUMENTS.slice(0, -1)),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('retier' as const),
      by: person,
      tier: fc.constantFrom('low' as const, 'high' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('train' as const),
      by: person,
      lag: fc.integer({ min: 0, max: 3 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('approve' as const),
      by: person,
      back: fc.integer({ min: 0, max: 2 }),
      authorsToo: fc.boolean(),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

interface Edit {
  readonly revision: number;
  readonly key: string;
  readonly by: Person;
}

/** A version as the test remembers it, from what people did and not from what the registry says. */
interface Made {
  readonly number: number;
  readonly revision: number;
  readonly keys: ReadonlySet<string>;
  readonly requestedBy: Person;
  reviewed: boolean;
}

/** The configs of one pair, what people did to them, and the versions made of them. */
class Life {
  readonly pair: Pair;
  readonly #configs: ConfigStore;
  readonly edits: Edit[] = [];
  readonly states: string[] = [];
  readonly made: Made[] = [];
  readonly #documents: Record<(typeof DOCUMENTS)[number], ConfigDocument>;
  #count = 0;

  private constructor(configs: ConfigStore) {
    this.#configs = configs;
    const id = randomUUID().slice(0, 8);
    this.pair = { model: `model_${id}`, feature_set: `set_${id}` };
    const sources = [`accounts_${id}`, `payments_${id}`] as const;
    const label = { source: `defaults_${id}` };
    const more = { name: this.pair.model, feature_set: this.pair.feature_set, fairness: undefined };
    this.#documents = {
      model: defaultModel(label, more),
      set: featureSet({ name: this.pair.feature_set, sources: [sources[0]] }),
      'other set': featureSet({ name: `other_${id}`, sources: [sources[1]] }),
      accounts: { ...accounts, name: sources[0] },
      payments: { ...payments, name: sources[1] },
      defaults: { ...defaults, name: label.source },
      'training rules': defaultPlatform,
    };
  }

  /** Lives the steps on configs of its own: training rules are one document for all pairs. */
  static async of(steps: readonly Step[]): Promise<Life> {
    await using table = await freshTable();
    const life = new Life(createConfigStore(table, objects));
    await life.#apply('ada', Object.values(life.#documents));
    for (const one of steps) await life.#carryOut(one);
    return life;
  }

  async #carryOut(one: Step): Promise<void> {
    switch (one.do) {
      case 'edit':
        return this.#edit(one.by, one.what);
      case 'rewire': {
        const { set, 'other set': other } = this.#documents;
        assert.ok(set.kind === 'FeatureSet');
        const feature_sets = set.feature_sets.length === 0 ? [other.name] : [];
        this.#documents.set = { ...set, feature_sets };
        return this.#apply(one.by, [this.#documents.set]);
      }
      case 'recreate':
        await this.#remove(one.by, documentKey(this.#documents[one.what]));
        return this.#apply(one.again, [this.#documents[one.what]]);
      case 'retier': {
        const { model } = this.#documents;
        assert.ok(model.kind === 'Model');
        this.#documents.model = { ...model, risk_tier: one.tier };
        return this.#apply(one.by, [this.#documents.model]);
      }
      case 'train':
        return this.#train(one.by, this.states.at(-1 - one.lag) ?? this.states[0] ?? '');
      case 'approve': {
        const version = this.made.at(-1 - one.back);
        if (version !== undefined) await this.#approve(one.by, version, one.authorsToo);
      }
    }
  }

  #edit(by: Person, what: (typeof DOCUMENTS)[number]): Promise<void> {
    this.#count += 1;
    const document = this.#documents[what];
    this.#documents[what] =
      document.kind === 'Platform'
        ? { ...document, training: { ...document.training, timeout_minutes: 60 + (this.#count % 1_000) } }
        : { ...document, description: `edit ${this.#count}` };
    return this.#apply(by, [this.#documents[what]]);
  }

  async #apply(by: Person, documents: readonly ConfigDocument[]): Promise<void> {
    const { base_digest } = await this.#configs.current();
    const result = await this.#configs.apply(documents, base_digest, by, randomUUID());
    this.states.push(result.base_digest);
    for (const key of [...result.created, ...result.changed])
      this.edits.push({ revision: result.revision, key, by });
  }

  async #remove(by: Person, key: DocumentKey): Promise<void> {
    const { base_digest } = await this.#configs.current();
    const { revision } = await this.#configs.apply([], base_digest, by, randomUUID(), { remove: [key] });
    this.edits.push({ revision, key, by });
  }

  async #train(by: Person, state: string): Promise<void> {
    const applied = await this.#configs.at(state);
    const tier = applied.configs.models.get(this.pair.model)?.risk_tier ?? 'high';
    const authorship = await authorshipOf(
      { configs: this.#configs, registry },
      { pair: this.pair, configs: state, riskTier: tier, requestedBy: [by] },
    );
    const command = await trainedVersion(objects, this.pair, { configs: state, author: by, tier });
    const { version } = await registry.registerVersion({ ...command, authorship });
    const keys = new Set<string>([...documentsBehind(applied.configs, this.pair), 'Platform/platform']);
    this.made.push({ number: version, revision: applied.revision, keys, requestedBy: by, reviewed: false });
  }

  async #approve(by: Person, version: Made, authorsToo: boolean): Promise<void> {
    const command = await approval(registry, this.pair, version.number);
    const allowed = rules({ low: { author_may_approve: authorsToo } });
    const involved = this.#involved(version);
    try {
      const { judgements } = await registry.judge({ ...command, principal: by, rules: allowed });
      const { approval_tier } = await registry.version(this.pair, version.number);
      const byAuthor = judgements[0]?.by_author === true;
      if (byAuthor)
        assert.ok(authorsToo && approval_tier === 'low', 'only the rule of the tier lets an author approve');
      else assert.ok(!involved.has(by), `${by} approved version ${version.number}, which is their own work`);
      version.reviewed = !byAuthor;
    } catch (error) {
      if (!(error instanceof MillraceError)) throw error;
      if (error.code === 'APPROVER_IS_AUTHOR') {
        const everInvolved = this.edits.some((edit) => edit.by === by) || version.requestedBy === by;
        assert.ok(everInvolved, `${by} touched nothing`);
      } else assert.equal(error.code, 'VERSION_ALREADY_JUDGED');
    }
  }

  /** Whose work is in the version that nobody else has looked at in an approved version made no later. */
  #involved(version: Made): ReadonlySet<Person> {
    const before = this.made.filter((one) => one.reviewed && one.revision <= version.revision);
    const open = this.edits.filter(
      ({ revision, key }) =>
        revision <= version.revision &&
        version.keys.has(key) &&
        !before.some((one) => one.revision >= revision && one.keys.has(key)),
    );
    return new Set([version.requestedBy, ...open.map(({ by }) => by)]);
  }
}

describe('four eyes', () => {
  it('hold under any order of edits, requests and approvals by any number of people', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 40 }), async (steps) => {
        await Life.of(steps);
      }),
      { numRuns: 15 },
    );
  });

  const train = (by: Person): Step => ({ do: 'train', by, lag: 0 });
  const edit = (by: Person, what: (typeof DOCUMENTS)[number]): Step => ({ do: 'edit', by, what });
  const approve = (by: Person): Step => ({ do: 'approve', by, back: 0, authorsToo: false });
  const rewire = (by: Person): Step => ({ do: 'rewire', by });
  const cases: readonly (readonly [string, readonly Step[], readonly string[]])[] = [
    [
      'whoever rewrote the features is an author',
      [edit('grace', 'set'), train('eve')],
      ['ada', 'eve', 'grace'],
    ],
    [
      'a typo fixed by another leaves the first author one',
      [edit('eve', 'model'), train('eve')],
      ['ada', 'eve'],
    ],
    [
      'what others approved does not count again',
      [train('eve'), approve('grace'), edit('rex', 'set'), train('eve')],
      ['eve', 'rex'],
    ],
    [
      'whoever removed a document is an author beside the one who created it again',
      [
        train('ada'),
        approve('grace'),
        { do: 'recreate', by: 'eve', again: 'rex', what: 'accounts' },
        train('ada'),
      ],
      ['ada', 'eve', 'rex'],
    ],
    [
      'a label source counts',
      [train('ada'), approve('grace'), edit('eve', 'defaults'), train('ada')],
      ['ada', 'eve'],
    ],
    [
      'training rules count',
      [train('ada'), approve('grace'), edit('eve', 'training rules'), train('ada')],
      ['ada', 'eve'],
    ],
    [
      'a set that the model does not read does not count',
      [train('ada'), approve('grace'), edit('eve', 'other set'), train('ada')],
      ['ada'],
    ],
    [
      'a set that was changed before the model came to read it counts in full',
      [edit('eve', 'other set'), train('ada'), approve('grace'), rewire('ada'), train('ada')],
      ['ada', 'eve'],
    ],
  ];
  for (const [what, steps, authors] of cases) {
    it(what, async () => {
      const life = await Life.of(steps);
      const version = life.made.at(-1)?.number ?? 0;
      assert.deepEqual((await registry.version(life.pair, version)).authors, authors);
    });
  }

  it('an approval by an author, where allowed, does not count as a review of what comes after', async () => {
    const steps: readonly Step[] = [
      train('ada'),
      { do: 'approve', by: 'ada', back: 0, authorsToo: true },
      { do: 'retier', by: 'eve', tier: 'high' },
      train('eve'),
    ];
    const life = await Life.of(steps);
    const { authors, authors_since } = await registry.version(life.pair, 2);
    assert.deepEqual([authors, authors_since], [['ada', 'eve'], null]);
  });

  it('a lowered tier is approved by the rule of the old one, once', async () => {
    const tier = (to: 'low' | 'high'): Step => ({ do: 'retier', by: 'ada', tier: to });
    const lowered = [tier('high'), train('ada'), approve('grace'), tier('low'), train('ada')];
    const { pair } = await Life.of([...lowered, approve('grace'), train('ada')]);
    assert.equal((await registry.version(pair, 2)).approval_tier, 'high');
    assert.equal((await registry.version(pair, 3)).approval_tier, 'low');
  });
});
