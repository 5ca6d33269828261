import type { Config } from '../config/load.js';
import { CONFIG_NAME } from '../config/read-file.js';
import { filesOf, zipOf } from './zip.js';

/**
 * What is deployed: the bundle, with the config in it. The same bundle and config give the same bytes, so that their
 * hash tells whether anything would change.
 *
 * @param bundle a zip as `npm run bundle` makes it
 */
export function deploymentPackage(bundle: Uint8Array, config: Config): Uint8Array {
  return zipOf({ ...filesOf(bundle), [CONFIG_NAME]: Buffer.from(deployedConfig(config)) });
}

/**
 * A config file again, with every default filled in, of all that decides what is made. Where things are is left out: the
 * environment says it, and the same zip may serve another place.
 */
export function deployedConfig({ layout, specs, limits, s3 }: Config): string {
  const byName = Object.fromEntries(specs.map(({ name, ...fields }) => [name, fields]));
  // In a config file, what is not set is not there.
  return `${JSON.stringify({ layout, specs: byName, limits, s3 }, (_, value: unknown) => value ?? undefined, 2)}\n`;
}
