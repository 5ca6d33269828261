import { describe, expect, test } from 'vitest';
import { deployedPlace, parametersOf, parseParameters } from '../../src/stack/parameters.js';
import { checkPlaces, placeOf, refuseHidden, ROLES, type Place, type Places } from '../../src/stack/places.js';
import { actionFor, type StackState } from '../../src/stack/stack-state.js';
import { parameterNames, templateText } from '../../src/stack/template.js';
import { rawTemplate } from './resolve.js';

const s3 = (bucket: string, prefix = '') => ({ kind: 's3', bucket, prefix }) as const;
const folder = { kind: 'folder', path: '/photos' } as const;
const place = (bucket: string, prefix = '', create = true): Place => ({ bucket, prefix, create });
const usage = expect.objectContaining({ code: 'usage' });

describe('where a stack has its originals', () => {
  test.each([
    ['by a name of its own', {}, place('own', 'uploads/images/original/')],
    ['also with a folder in the config', { configured: folder }, place('own', 'uploads/images/original/')],
    ['where the config says', { configured: s3('b', 'in/') }, place('b', 'in/')],
    ['in a bucket that exists', { configured: folder, existing: s3('b', 'in/') }, place('b', 'in/', false)],
    ['where it has them', { deployed: place('d', 'in/', false) }, place('d', 'in/', false)],
    ['by another prefix of the config', { configured: s3('d', 'new/'), deployed: place('d', 'in/', false) }, place('d', 'new/', false)],
    ['given up to its owner', { existing: s3('d', 'in/'), deployed: place('d', 'in/') }, place('d', 'in/', false)],
  ])('%s', (_, choice, expected) => {
    expect(placeOf('originals', { configured: undefined, existing: undefined, deployed: undefined, ...choice }, 'own')).toEqual(expected);
  });

  test('not in another bucket than before', () => {
    expect(() => placeOf('originals', { configured: s3('b'), existing: undefined, deployed: place('d') }, 'own')).toThrow(usage);
  });
});

describe('places together', () => {
  const places = (originals: Place, processed: Place, backup = place('backup')): Places => ({ originals, processed, backup });

  test('may be those of the scenario', () => {
    expect(() => checkPlaces(places(place('o', 'uploads/images/original/'), place('p', 'uploads/images/')), true)).not.toThrow();
    expect(() => checkPlaces(places(place('o', 'o/'), place('p', '')), true)).not.toThrow();
  });

  test('may not have variants under the path of the originals', () => {
    const both = places(place('o', 'photos/full/'), place('p', 'photos/'));
    for (const head of ['full/', 'full/x/', 'f']) expect(() => refuseHidden(both, ['small/', head])).toThrow(usage);
    for (const head of ['', 'fuller/', 'small/']) expect(() => refuseHidden(both, [head])).not.toThrow();
    expect(() => refuseHidden(places(place('o', 'in/'), place('p', 'out/')), ['in/'])).not.toThrow();
  });

  test('need a bucket each', () => {
    expect(() => checkPlaces(places(place('b', 'in/'), place('b', 'out/')), false)).toThrow(usage);
    expect(() => checkPlaces(places(place('o', 'in/'), place('p', 'out/'), place('o')), false)).toThrow(usage);
  });

  test('need paths that tell a variant from an original, where they are delivered', () => {
    for (const [original, variant] of [['', ''], ['', 'v/'], ['a/', 'a/b/'], ['a/', 'a/']] as const) {
      const both = places(place('o', original), place('p', variant));
      expect(() => checkPlaces(both, true)).toThrow(usage);
      expect(() => checkPlaces(both, false)).not.toThrow();
    }
  });

  test.each(['a b/', 'a*/', 'a?/', '${aws:username}/', 'ä/', 'a'])('cannot have the prefix %s, which a policy or a path would take otherwise', (prefix) => {
    expect(() => checkPlaces(places(place('o', prefix), place('p', 'v/')), false)).toThrow(usage);
    expect(() => checkPlaces(places(place('o', 'o/'), place('p', prefix)), false)).toThrow(usage);
  });

  const special = ['a+b/', 'a@b/', 'a:b/', '~a/'];

  test.each(special)('cannot have originals under %s, of which S3 would not tell; variants and backups can be there', (prefix) => {
    const refused = expect.objectContaining({ code: 'usage', message: expect.stringContaining('of the originals cannot be deployed: only letters, digits and _ . - / can') });
    expect(() => checkPlaces(places(place('o', prefix), place('p', 'v/')), false)).toThrow(refused);
    expect(() => checkPlaces(places(place('o', 'o/'), place('p', prefix), place('backup', prefix)), true)).not.toThrow();
  });

  test.each(ROLES)('can have the prefixes that the template allows, and no others: %s', (role) => {
    const parameter = { originals: 'OriginalsPrefix', processed: 'VariantsPrefix', backup: 'BackupPrefix' }[role];
    const allowed = new RegExp(`^(?:${rawTemplate().Parameters[parameter]?.AllowedPattern})$`);
    const usual = places(place('o', 'o/'), place('p', 'p/'));
    for (const prefix of ['', 'a/', 'A_b.c-9/d/', ...special, 'a b/', 'a=b/', 'a*/', 'ä/', 'a', '/']) {
      const check = () => checkPlaces({ ...usual, [role]: place(usual[role].bucket, prefix) }, false);
      if (allowed.test(prefix)) expect(check, prefix).not.toThrow();
      else expect(check, prefix).toThrow(usage);
    }
  });
});

describe('parameters', () => {
  const known = parameterNames(templateText());
  const places: Places = { originals: place('o', 'in/'), processed: place('p', 'out/', false), backup: place('b') };
  const state = (parameters: Record<string, string>): StackState => ({ status: 'CREATE_COMPLETE', parameters: new Map(Object.entries(parameters)), outputs: {} });
  const given = parseParameters(['BackupRetentionDays=90', 'DomainName=a=b'], known);

  test('are those of the places, those that are given, and as they were; a new one has its default', () => {
    const parameters = parametersOf(places, { bucket: 'a', key: 'k' }, given, state({ BackupRetentionDays: '30', LogRetentionDays: '7' }), known);
    expect(parameters).toEqual([
      { ParameterKey: 'ArtifactsBucket', ParameterValue: 'a' },
      { ParameterKey: 'BundleKey', ParameterValue: 'k' },
      { ParameterKey: 'OriginalsBucket', ParameterValue: 'o' },
      { ParameterKey: 'OriginalsPrefix', ParameterValue: 'in/' },
      { ParameterKey: 'ProcessedBucket', ParameterValue: 'p' },
      { ParameterKey: 'VariantsPrefix', ParameterValue: 'out/' },
      { ParameterKey: 'BackupBucket', ParameterValue: 'b' },
      { ParameterKey: 'BackupPrefix', ParameterValue: '' },
      { ParameterKey: 'CreateOriginalsBucket', ParameterValue: 'true' },
      { ParameterKey: 'CreateProcessedBucket', ParameterValue: 'false' },
      { ParameterKey: 'CreateBackupBucket', ParameterValue: 'true' },
      { ParameterKey: 'BackupRetentionDays', ParameterValue: '90' },
      { ParameterKey: 'LogRetentionDays', UsePreviousValue: true },
      { ParameterKey: 'DomainName', ParameterValue: 'a=b' },
    ]);
  });

  test('tell where the stack is', () => {
    const parameters = parametersOf(places, { bucket: 'a', key: 'k' }, given, undefined, known);
    const deployed = state(Object.fromEntries(parameters.map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue])));
    for (const role of ['originals', 'processed', 'backup'] as const) expect(deployedPlace(role, deployed)).toEqual(places[role]);
    expect(deployedPlace('originals', undefined)).toBeUndefined();
  });

  test.each(['Nonsense=1', 'BackupRetentionDays', 'OriginalsBucket=b', 'BundleKey=k'])('refused: %s', (typed) => {
    expect(() => parseParameters([typed], known)).toThrow(usage);
  });
});

describe('a stack', () => {
  test.each([
    ['REVIEW_IN_PROGRESS', 'create'],
    ['CREATE_COMPLETE', 'update'],
    ['UPDATE_COMPLETE', 'update'],
    ['UPDATE_ROLLBACK_COMPLETE', 'update'],
    ['IMPORT_COMPLETE', 'update'],
    ['ROLLBACK_COMPLETE', 'remove-first'],
  ])('%s: %s', (status, action) => {
    expect(actionFor('s', { status, parameters: new Map(), outputs: {} })).toBe(action);
  });

  test.each([
    ['CREATE_IN_PROGRESS', 'locked'],
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'locked'],
    ['ROLLBACK_FAILED', 'stack-broken'],
    ['UPDATE_ROLLBACK_FAILED', 'stack-broken'],
    ['DELETE_FAILED', 'stack-broken'],
  ])('%s is refused: %s', (status, code) => {
    expect(() => actionFor('s', { status, parameters: new Map(), outputs: {} })).toThrow(expect.objectContaining({ code }));
  });

  test('that is not there is made', () => {
    expect(actionFor('s', undefined)).toBe('create');
  });
});
