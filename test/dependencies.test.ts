import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from './cli/imgvar.js';

interface Needs {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
interface Locked extends Needs {
  readonly integrity?: string;
  readonly resolved?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly hasInstallScript?: boolean;
}

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const { dependencies = {}, devDependencies = {} } = JSON.parse(read('package.json')) as Needs;
const { packages } = JSON.parse(read('package-lock.json')) as { packages: Readonly<Record<string, Locked>> };
const locked = Object.entries(packages).filter(([place]) => place !== '');
/** What comes with `npm install imgvar`. */
const shipped = locked.filter(([, { dev, devOptional }]) => dev !== true && devOptional !== true);

const nameOf = (place: string): string => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** Where Node finds a package from within another: beside it, or beside one that it is in. */
function found(from: string, name: string): string | undefined {
  const place = `${from}${from === '' ? '' : '/'}node_modules/${name}`;
  if (place in packages) return place;
  return from === '' ? undefined : found(from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))), name);
}

describe('package-lock.json', () => {
  test('is that of package.json, and lacks nothing that is needed', () => {
    expect(packages['']).toMatchObject({ dependencies, devDependencies });
    const missing = Object.entries(packages).flatMap(([place, needs]) => {
      const names = Object.keys({ ...needs.dependencies, ...needs.optionalDependencies, ...(place === '' ? devDependencies : {}) });
      return names.filter((name) => found(place, name) === undefined).map((name) => `${place} needs ${name}`);
    });
    expect(missing).toEqual([]);
  });

  test('has a hash of every package, and comes from no registry of its own', () => {
    expect(locked.filter(([, { integrity = '' }]) => !/^sha512-[\w+/]{86}==$/.test(integrity)).map(([place]) => place)).toEqual([]);
    expect(locked.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
    expect(locked.length).toBeGreaterThan(100);
  });

  test('what users install runs no script, and is under licences that its page names', () => {
    expect(shipped.filter(([, { hasInstallScript }]) => hasInstallScript === true)).toEqual([]);
    const licences = new Set(shipped.flatMap(([, { license = 'none' }]) => license.split(' AND ')));
    expect([...licences].sort()).toEqual(codesIn(sectionOf('Licences')).sort());
  });
});

/** Text under a heading of docs/dependencies.md. */
function sectionOf(heading: string): string {
  const [, section = ''] = page.split(new RegExp(`^## ${heading}$`, 'm'));
  return section.split(/^## /m)[0] ?? '';
}
const page = read('docs/dependencies.md');
const codesIn = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
/** The first cells of the rows of a table. */
const namesIn = (section: string): string[] => [...section.matchAll(/^\| `([^|]*)` \|/gm)].flatMap(([, cell = '']) => cell.split('`, `'));

describe('docs/dependencies.md', () => {
  test.each([
    ['At run time', dependencies],
    ['For building and testing', devDependencies],
  ])('%s: exactly those of package.json, each with its licence', (heading, declared) => {
    const section = sectionOf(heading);
    expect(namesIn(section).sort()).toEqual(Object.keys(declared).sort());
    for (const name of Object.keys(declared)) {
      const row = section.split('\n').find((line) => line.startsWith('| ') && codesIn(line.split('|')[1] ?? '').includes(name));
      expect(row?.split('|').at(-3)?.trim(), name).toBe(packages[`node_modules/${name}`]?.license);
    }
  });

  test('names what runs when it is installed', () => {
    const scripted = locked.filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([place]) => nameOf(place));
    expect(namesIn(sectionOf('What runs at an installation'))).toEqual(['prepare', ...scripted]);
  });
});
