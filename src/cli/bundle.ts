import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { deploymentPackage } from '../lambda/deployment-package.js';
import type { Config } from '../config/load.js';
import { UserError } from '../model/user-error.js';

/** As it is in the package; in a checkout `npm run bundle` makes it. */
const OWN = fileURLToPath(new URL('../../bundle/lambda-arm64.zip', import.meta.url));

/**
 * The zip of the functions, with the config in it.
 *
 * @param file a bundle as `npm run bundle` makes it; default: the package's own
 * @throws UserError `bundle-missing`
 */
export async function codeOf(config: Config, file: string | undefined, cwd: string): Promise<Uint8Array> {
  const from = file === undefined ? OWN : path.resolve(cwd, file);
  const bundle = await readFile(from).catch((error: NodeJS.ErrnoException) => {
    const next = file === undefined ? 'in a checkout, make it with: npm run bundle' : 'name another one with --code';
    throw new UserError('bundle-missing', `The code of the functions, ${from}, cannot be read (${error.code ?? error.message}); ${next}`);
  });
  try {
    return deploymentPackage(bundle, config);
  } catch (error) {
    throw new UserError('bundle-missing', `${from} is not a whole zip (${error instanceof Error ? error.message : String(error)}); name another one with --code.`);
  }
}
