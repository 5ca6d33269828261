import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../config/load.js';
import { CONFIG_NAME } from '../config/read-file.js';
import { deployedConfig } from '../lambda/deployment-package.js';
import type { FunctionName, LiveEvent } from '../model/live-event.js';
import { eventIn } from './function-log.js';
import { localFunction, type LocalFunction } from './local-function.js';
import type { Places } from './places.js';

export interface FunctionsSettings {
  /** An absolute path; what is in a function's zip beside its code is kept in it. */
  readonly folder: string;
  readonly config: Config;
  /** Of this imgvar. */
  readonly version: string;
  /** Execution environments of the resize function. */
  readonly concurrency: number;
  /** Inherited by the functions' processes. */
  readonly env: NodeJS.ProcessEnv;
}

export interface NamedFunction {
  readonly name: FunctionName;
  readonly run: LocalFunction;
}

/** Beyond an original's own time limit, for what comes before and after. In seconds. */
const GRACE = 30;

/** Both functions as they are deployed: the same handlers, beside a config of which all defaults are filled in. */
export async function openFunctions(
  { folder, config, version, concurrency, env }: FunctionsSettings,
  { originals, variants, backup }: Places,
  tell: (event: LiveEvent) => void,
): Promise<readonly NamedFunction[]> {
  const root = path.join(folder, 'function');
  await mkdir(root, { recursive: true });
  await writeFile(path.join(root, CONFIG_NAME), deployedConfig(config));
  await writeFile(path.join(root, 'package.json'), `${JSON.stringify({ name: 'imgvar-lambda', version, private: true, type: 'module' })}\n`);
  const open = (name: FunctionName, most: number): NamedFunction => {
    const run = localFunction({
      name,
      module: new URL(`../lambda/${name}.js`, import.meta.url).href,
      env: {
        ...env,
        LAMBDA_TASK_ROOT: root,
        IMGVAR_CONFIG: path.join(root, CONFIG_NAME),
        IMGVAR_ORIGINALS: originals.location,
        IMGVAR_VARIANTS: variants.location,
        IMGVAR_BACKUP: backup.location,
      },
      timeoutSeconds: config.limits.seconds + GRACE,
      concurrency: most,
      onLine(line) {
        const event = eventIn(line, name);
        if (event !== undefined) tell(event);
      },
    });
    return { name, run };
  };
  return [open('resize', concurrency), open('backup', 1)];
}
