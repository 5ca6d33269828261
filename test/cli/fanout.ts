/** A function of the built bundle behind a small Lambda, between two buckets of a small S3. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadConfig } from '../../src/config/load.js';
import { deploymentPackage } from '../../src/lambda/deployment-package.js';
import { bundle, unpack } from '../lambda/bundle.js';
import { PLAIN_RUNTIME, startLambda, type FunctionSettings, type LambdaServer } from '../lambda/server.js';
import type { Fault } from '../s3/faults.js';
import { startS3, type S3Request, type S3Server } from '../s3/server.js';
import { photo } from './pictures.js';
import { bucketSide, type Side } from './sides.js';

/** Originals and variants, and a function that works between them, with the arguments of a run by that. */
interface Place {
  readonly o: Side;
  readonly v: Side;
  readonly name: string;
  readonly args: readonly string[];
}

export interface Cloud {
  readonly s3: S3Server;
  readonly lambda: LambdaServer;
  readonly env: NodeJS.ProcessEnv;
  /** Called for each request to the S3. */
  onRequest: ((request: S3Request) => Fault | undefined) | undefined;
  /** Called with each request to a function. */
  onInvoke: ((event: unknown) => void) | undefined;
  /** One with nothing in it. */
  place(settings?: Partial<FunctionSettings>): Place;
  /** One with so many photographs: 000.jpg, 001.jpg, ... */
  filled(count: number, settings?: Partial<FunctionSettings>): Promise<Place>;
  close(): Promise<void>;
}

/** @param config what the functions are deployed with */
export async function startCloud(config: object): Promise<Cloud> {
  const folder = await mkdtemp(path.join(tmpdir(), 'imgvar-fanout-'));
  await writeFile(path.join(folder, 'config.json'), JSON.stringify(config));
  await unpack(deploymentPackage(await bundle('host'), await loadConfig({ file: 'config.json', cwd: folder })), path.join(folder, 'task'));
  const s3 = await startS3({ buckets: ['originals', 'variants'], before: (request) => cloud.onRequest?.(request) });
  const common: FunctionSettings = {
    root: path.join(folder, 'task'),
    handler: 'resize.handler',
    runtime: PLAIN_RUNTIME,
    concurrency: 3,
  };
  const functions: Record<string, FunctionSettings> = {};
  const lambda = await startLambda(functions, { onInvoke: (_, event) => cloud.onInvoke?.(event) });
  let places = 0;
  const cloud: Cloud = {
    s3,
    lambda,
    env: { AWS_ENDPOINT_URL_S3: s3.url, AWS_ENDPOINT_URL_LAMBDA: lambda.url },
    onRequest: undefined,
    onInvoke: undefined,
    place(settings = {}) {
      const name = `reprocess-${places++}`;
      const o = bucketSide(s3, 'originals', `in/${name}/`);
      const v = bucketSide(s3, 'variants', `out/${name}/`);
      const env = { AWS_ENDPOINT_URL_S3: s3.url, IMGVAR_ORIGINALS: o.location, IMGVAR_VARIANTS: v.location };
      functions[name] = { ...common, ...settings, env: { ...env, ...settings.env } };
      return { o, v, name, args: ['reprocess', o.location, v.location, '--json', '-y', '-c', path.join(folder, 'config.json'), '--function', name] };
    },
    async filled(count, settings) {
      const place = cloud.place(settings);
      for (let i = 0; i < count; i++) await place.o.put(`${String(i).padStart(3, '0')}.jpg`, await photo(i));
      return place;
    },
    async close() {
      await lambda.close();
      await s3.close();
      await rm(folder, { recursive: true });
    },
  };
  return cloud;
}
