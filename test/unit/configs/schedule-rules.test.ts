import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deploySchema } from '#configs/deploy.ts';
import { loadConfigs } from '#configs/load.ts';
import { scheduleFaults } from '#configs/rules/schedule-rules.ts';
import list from '#configs/time-zones.json' with { type: 'json' };
import { folder, MODEL } from './valid-configs.ts';

function faultsOf(schedule: string, timezone = 'UTC') {
  const terms = deploySchema.parse({ scheduler: 'temporal', schedule, timezone });
  return { timezone: terms.timezone, faults: scheduleFaults(terms) };
}

describe('a cron line', () => {
  for (const schedule of [
    '* * * * *',
    '0 5 * * *',
    '0 5 * * 7',
    '0 5 * * 0-7',
    '0 5 * * SUN-SAT',
    '0 5 * * 5,6,7',
    '0 5 * * MON,WED',
    '0 5 * JAN-MAR *',
    '0 5 1-31/5 * *',
    '0 5 */2 * *',
    '0 */7 * * *',
    '0/15 * * * *',
    '*/90 * * * *',
  ]) {
    it(`is accepted: ${schedule}`, () => assert.deepEqual(faultsOf(schedule).faults, []));
  }

  const refused: readonly (readonly [why: string, schedule: string, message: RegExp])[] = [
    ['both day fields restrict', '0 5 1 * 1', /both restricted/],
    ['a step restricts the other day field', '0 5 */2 * 1', /both restricted/],
    ['a step of the day of week restricts', '0 5 1-7 * */7', /both restricted/],
    ['a range holds every day', '0 5 1-31 * 1', /both restricted/],
    ['a step holds every day', '0 5 */1 * 1', /both restricted/],
    ['a name restricts', '0 5 */2 * MON', /both restricted/],
    ['a range of days runs backwards', '0 5 * * 5-1', /cannot be read/],
    ['a range of names runs backwards', '0 5 * * FRI-MON', /cannot be read/],
    ['a range of hours runs backwards', '0 5-3 * * *', /cannot be read/],
    ['a value comes twice', '0 5 * * 1,1', /cannot be read/],
    ['the hour does not exist', '0 24 * * *', /cannot be read/],
    ['the step is zero', '5/0 * * * *', /cannot be read/],
    ['the day never comes', '0 5 30 2 *', /cannot be read/],
    ['it uses an extension', '0 5 L * *', /interpret .* differently/],
    ['a range holds one value', '0 5 * * 5-5', /interpret .* differently/],
    ['a range holds one value, written twice', '00-0 5 * * *', /interpret .* differently/],
    ['the range ends in the other Sunday', '0 5 * * 1-7', /interpret .* differently/],
    ['a name has a step', '0 5 * * MON/2', /interpret .* differently/],
    ['the other Sunday has a step', '0 5 * * 7/2', /interpret .* differently/],
  ];
  for (const [why, schedule, message] of refused) {
    it(`is refused when ${why}: ${schedule}`, () => {
      const [fault] = faultsOf(schedule).faults;
      assert.equal(fault?.code, 'CONFIG_CRON_INVALID');
      assert.match(fault.message, message);
    });
  }
});

describe('a time zone', () => {
  for (const [name, zone] of [
    ['Europe/London', 'Europe/London'],
    ['europe/london', 'Europe/London'],
    ['utc', 'UTC'],
    ['Etc/UTC', 'UTC'],
    ['US/Pacific', 'America/Los_Angeles'],
    ['us/pacific', 'America/Los_Angeles'],
    ['Asia/Calcutta', 'Asia/Kolkata'],
    ['Europe/Kiev', 'Europe/Kyiv'],
    ['Iceland', 'Atlantic/Reykjavik'],
    ['EST5EDT', 'America/New_York'],
    ['Europe/Amsterdam', 'Europe/Amsterdam'],
    ['Etc/GMT+5', 'Etc/GMT+5'],
  ] as const) {
    it(`is stored by its canonical name: ${name}`, () =>
      assert.deepEqual(faultsOf('0 5 * * *', name), { timezone: zone, faults: [] }));
  }

  for (const [name, suggestion] of [
    ['PST', 'America/Los_Angeles'],
    ['BST', 'Europe/London'],
    ['IST', 'Asia/Kolkata'],
    ['EST', 'America/New_York'],
    ['cet', 'Europe/Berlin'],
    ['+01:00', 'Etc/GMT-1'],
    ['UTC-5', 'Etc/GMT+5'],
    ['Europe/Lodon', 'Europe/London'],
    ['US/Pacfic', 'America/Los_Angeles'],
    ['Mars/Olympus', undefined],
    ['+05:30', undefined],
    ['localtime', undefined],
  ] as const) {
    it(`is refused with what was meant: ${name}`, () => {
      const [fault] = faultsOf('0 5 * * *', name).faults;
      assert.equal(fault?.code, 'CONFIG_TIMEZONE_UNKNOWN');
      assert.equal(fault.suggestion, suggestion);
      assert.match(fault.expected ?? '', /IANA name/);
    });
  }

  it('is stored by its canonical name in an applied document', () => {
    const files = folder({ model: MODEL.replace('Europe/London', 'Asia/Calcutta') });
    const { documents, problems } = loadConfigs(files);
    assert.deepEqual(problems, []);
    assert.equal(documents.models.get('miss_risk')?.deploy.timezone, 'Asia/Kolkata');
  });

  it('is known to Node by each name of the list', () => {
    for (const zone of list.zones)
      assert.doesNotThrow(() => new Intl.DateTimeFormat('en', { timeZone: zone }), zone);
  });

  it('is the target of each alias', () => {
    const zones = new Set(list.zones);
    for (const [alias, zone] of Object.entries(list.aliases)) {
      assert.ok(zones.has(zone), alias);
      assert.ok(!zones.has(alias), alias);
    }
  });
});
