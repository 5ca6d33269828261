import { fingerprintOf } from '../model/fingerprint.js';
import { PROTOCOL, type Description } from '../model/invocation.js';
import { locationText, type Location } from '../model/location.js';
import type { Spec } from '../model/spec.js';
import type { Settings } from './settings.js';

/** What a function does, and for which places. */
export interface Deployed {
  readonly to: Location;
  readonly layout: string;
  readonly specs: readonly Spec[];
}

/** @param secondsLeft at the beginning of the invocation, which is what the function's timeout is seen from */
export function describe({ version, originals, memoryMB, s3 }: Settings, { to, layout, specs }: Deployed, secondsLeft: number): Description {
  return {
    imgvar: 'description',
    protocol: PROTOCOL,
    version,
    originals: locationText(originals),
    variants: locationText(to),
    layout,
    specs: Object.fromEntries(specs.map((spec) => [spec.name, fingerprintOf(spec)])),
    region: process.env['AWS_REGION'] ?? null,
    architecture: process.arch === 'arm64' ? 'arm64' : 'x64',
    memoryMB,
    timeoutSeconds: Math.ceil(secondsLeft),
    storageClass: s3.storageClass,
  };
}
