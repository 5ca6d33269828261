import process from 'node:process';
import { parseLocation } from '../model/location.js';
import { manifestFile, manifestFiles } from '../source/manifest-bytes.js';
import { openManifest, type Manifest } from '../source/manifest.js';
import type { Wired } from './wire.js';

/** What a person gives with --manifest. @throws UserError */
export function openNamedManifest(typed: string, { originals, openBucket }: Wired, cwd = process.cwd()): Manifest {
  return openManifest(manifestFile(typed, cwd), manifestFiles(openBucket), parseLocation(originals.location, cwd));
}
